using System.Globalization;
using System.Text;

namespace SensorGateway.LoadTest.Results;

/// <summary>The result for people.</summary>
internal static class Report
{
    /// <summary>One run, several lines.</summary>
    public static string Describe(RunResult run)
    {
        var text = new StringBuilder();
        Line(text, $"{run.Program} at {RateName(run.Rate)}, round {run.Round}: {run.PayloadsPerSecond:N0} payloads/s");
        Line(text, $"  sent {run.Sent:N0}, alerts expected {run.ExpectedAlerts:N0}, received {run.ReceivedAlerts:N0}, lost {run.Lost:N0}, "
            + $"duplicates {run.Duplicates:N0}, out of order {run.OrderViolations:N0}, unexpected {run.UnexpectedAlerts:N0}");
        if (run.P50Us is not null)
        {
            Line(text, $"  latency us: p50 {run.P50Us:F0}, p95 {run.P95Us:F0}, p99 {run.P99Us:F0}, p99.9 {run.P999Us:F0}, max {run.MaxUs:F0} "
                + $"(sender late p50 {run.SenderLateP50Us:F0}, p99 {run.SenderLateP99Us:F0})");
        }

        Line(text, $"  cpu {run.CpuSeconds:F2} s = {run.CpuPercentOfCore:F1} % of a core, {run.CpuUsPerPayload:F2} us a payload; "
            + $"nats-server {run.NatsCpuPercentOfCore ?? double.NaN:F1} %; peak memory {run.PeakRssMb:F0} MB; "
            + $"taken by the host {run.HostStealPercent ?? double.NaN:F1} %");
        foreach (var reload in run.Reloads)
        {
            Line(text, $"  reload {(reload.Ok ? "done" : "REFUSED")} in {reload.TookMs:F0} ms, longest collector pause {reload.LongestPauseMs:F2} ms");
        }

        foreach (var line in run.Accounting?.Lines ?? [])
        {
            Line(text, $"  {line}");
        }

        return text.ToString();
    }

    /// <summary>Medians and ratios, a table.</summary>
    public static string Summarise(LoadTestResult result)
    {
        var text = new StringBuilder("\nmedians over the rounds that count; ratios are medians of the ratio within each round\n");
        foreach (var figures in result.Medians.Concat(result.Ratios).OrderBy(figures => figures.Rate ?? int.MaxValue))
        {
            Line(text, $"  {figures.Program,-14} {RateName(figures.Rate),9}  "
                + string.Join("  ", figures.Values.Select(value =>
                    string.Create(CultureInfo.InvariantCulture, $"{value.Key} {value.Value:0.##}"))));
        }

        Line(text, $"{(result.Ok ? "ok" : "NOT OK")}: {result.Runs.Count} runs, {result.Runs.Sum(run => run.Lost):N0} alerts lost");
        return text.ToString();
    }

    private static string RateName(int? rate) => rate is { } given
        ? string.Create(CultureInfo.InvariantCulture, $"{given:N0}/s") : "max";

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
