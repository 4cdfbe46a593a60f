using System.Globalization;
using System.Text;
using SensorGateway.PerfGate.Duet;

namespace SensorGateway.PerfGate.Reports;

/// <summary>The summary on a job's page.</summary>
internal static class MarkdownReport
{
    public static string Write(GateResult result)
    {
        var text = new StringBuilder();
        text.Append("### ").AppendLine(TextReport.Summary(result)).AppendLine();
        text.AppendLine("| scenario | against | p50 | ratio | p95 | ratio | launches | B/op | verdict |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var duet in result.Duets)
        {
            var (p50, p95, _) = Figures.Of(duet);
            var remark = Figures.Remark(result, duet).Trim();
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {duet.Scenario} | {Cell(duet.Old.Name)} | {Figures.Time(p50)} | {duet.P50Ratio:F3} | {Figures.Time(p95)} | {duet.P95Ratio:F3} | {Figures.Range(duet)} | {Figures.Bytes(duet)} | {(remark.Length > 0 ? remark : "ok")} |"));
        }

        text.AppendLine().AppendLine("| proof | against itself | with injected work | |").AppendLine("|---|---|---|---|");
        foreach (var proof in result.Proofs)
        {
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {proof.Family} | {proof.Self.P95Ratio:F3} | {proof.Injected.P95Ratio:F3} | {(proof.IsSound ? "sound" : "**not to be trusted**")} |"));
        }

        text.AppendLine();
        foreach (var skipped in result.NotJudged)
        {
            text.AppendLine($"- not judged: {skipped.Scenario} against {Cell(skipped.Against)}: {Cell(skipped.Reason)}");
        }

        foreach (var fault in result.Faults)
        {
            text.AppendLine($"- not measured: {Cell(fault.Split('\n')[0])}");
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
