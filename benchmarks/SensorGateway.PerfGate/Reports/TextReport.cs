using System.Globalization;
using System.Text;
using SensorGateway.PerfGate.Duet;

namespace SensorGateway.PerfGate.Reports;

/// <summary>The table a person reads in a terminal.</summary>
internal static class TextReport
{
    public static string Write(GateResult result)
    {
        var text = new StringBuilder();
        if (result.Duets.Count > 0)
        {
            var width = Math.Max(24, result.Duets.Max(static duet => duet.Scenario.Length));
            text.AppendLine().AppendLine(Line(
                $"{"scenario".PadRight(width)} {"against",-14} {"p50 new",9} {"ratio",6} {"p95 new",9} {"ratio",6} {"launches",13} {"B/op",8}"));
            foreach (var duet in result.Duets)
            {
                var merged = Figures.Of(duet);
                text.AppendLine(Line(
                    $"{duet.Scenario.PadRight(width)} {duet.Old.Name,-14} {Figures.Time(merged.P50),9} {duet.P50Ratio,6:F3} {Figures.Time(merged.P95),9} {duet.P95Ratio,6:F3} {Figures.Range(duet),13} {Figures.Bytes(duet),8}{Figures.Remark(result, duet)}"));
            }
        }

        foreach (var proof in result.Proofs)
        {
            text.AppendLine(Line(
                $"proof {proof.Family}: against itself {proof.Self.P95Ratio:F3} ({(proof.Self.IsRegression ? "a false alarm" : "passes")}), {proof.Injected.New.Name} {proof.Injected.P95Ratio:F3} ({(proof.Injected.IsRegression ? "found" : "not found")}): {(proof.IsSound ? "sound" : "not to be trusted now")}"));
        }

        foreach (var skipped in result.NotJudged)
        {
            text.AppendLine($"not judged: {skipped.Scenario} against {skipped.Against}: {skipped.Reason}");
        }

        foreach (var fault in result.Faults)
        {
            text.AppendLine($"not measured: {fault}");
        }

        return text.Append(Summary(result)).ToString();
    }

    /// <summary>One line: the verdict and why.</summary>
    public static string Summary(GateResult result)
    {
        var regressions = result.Regressions.ToList();
        var seconds = result.Took.TotalSeconds;
        return result.Verdict switch
        {
            Verdict.Pass => Line($"pass: {result.Duets.Count} comparisons in {seconds:F0}s, nothing got worse{Unproved(result)}"),
            Verdict.Regression => Line(
                $"regression: {string.Join("; ", regressions.Select(Figures.Sentence))}{Unproved(result)} ({seconds:F0}s)"),
            _ => Line($"inconclusive: {Why(result)} ({seconds:F0}s)"),
        };
    }

    private static string Unproved(GateResult result) =>
        result.Unproved.ToList() is { Count: > 0 } families ? $" (unproved: {string.Join(", ", families)})" : "";

    private static string Why(GateResult result) =>
        result.Faults.Count > 0 ? "a build could not be measured"
        : result.Duets.Count == 0 ? "there was nothing that both builds can run"
        : $"the gate failed its own proof in {string.Join(", ", result.Proofs.Where(static proof => !proof.IsSound).Select(static proof => proof.Family))}; try again on a quieter machine";

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
