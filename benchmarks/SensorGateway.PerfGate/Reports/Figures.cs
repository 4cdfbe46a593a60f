using System.Globalization;
using SensorGateway.PerfGate.Duet;
using SensorGateway.PerfGate.Protocol;

namespace SensorGateway.PerfGate.Reports;

/// <summary>Figures as all reports show them.</summary>
internal static class Figures
{
    /// <summary>Percentiles of the new build over all launches, in nanoseconds.</summary>
    public static (double P50, double P95, double P99) Of(DuetResult duet)
    {
        var all = new FineHistogram();
        foreach (var launch in duet.Launches)
        {
            all.Add(launch.New);
        }

        return (all.QuantileNs(0.50), all.QuantileNs(0.95), all.QuantileNs(0.99));
    }

    /// <summary>A duration with a unit that keeps it short.</summary>
    public static string Time(double ns) => ns switch
    {
        < 10_000 => Text($"{ns:F0} ns"),
        < 10_000_000 => Text($"{ns / 1e3:F1} us"),
        _ => Text($"{ns / 1e6:F1} ms"),
    };

    /// <summary>Smallest and largest p95 ratio of a launch.</summary>
    public static string Range(DuetResult duet) =>
        Text($"{duet.Launches.Min(static launch => launch.P95Ratio):F3}-{duet.Launches.Max(static launch => launch.P95Ratio):F3}");

    /// <summary>Bytes allocated per operation by the new build.</summary>
    public static string Bytes(DuetResult duet) => duet.Launches[0].NewBytes is { } bytes ? Text($"{bytes:0.#}") : "-";

    /// <summary>What a table says at the end of a row.</summary>
    public static string Remark(GateResult result, DuetResult duet) =>
        !duet.IsRegression ? duet.WasRepeated ? "  (first suspicion not confirmed)" : ""
        : result.IsTrusted(duet.Scenario) ? $"  WORSE: {duet.Complaint.ToString().ToLowerInvariant()}"
        : "  (looks worse, but the proof failed)";

    /// <summary>One regression in words.</summary>
    public static string Sentence(DuetResult duet) => duet.Complaint switch
    {
        Complaint.Allocation => Text(
            $"{duet.Scenario} allocates {duet.Launches[0].NewBytes:0.#} bytes per operation, {duet.Old.Name} {duet.Launches[0].OldBytes:0.#}"),
        Complaint.P50 => Text($"{duet.Scenario} p50 is {duet.P50Ratio:F3} times that of {duet.Old.Name}"),
        _ => Text($"{duet.Scenario} p95 is {duet.P95Ratio:F3} times that of {duet.Old.Name}"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
