using System.Globalization;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Cli.Demo;

/// <summary>What the demo has shown, in numbers.</summary>
internal static class DemoSummary
{
    public static void Print(
        CliConsole console, DemoSender sender, DemoWatcher watcher, GatewaySnapshot last, TimeSpan took)
    {
        void Line(string text) => console.Out.WriteLine(text);

        Line($"");
        Line(
            $"Sent         {sender.Sent:N0} payloads in {took.TotalSeconds:0.0} s "
                + $"({sender.Sent / took.TotalSeconds:N0}/s), {sender.Malicious:N0} of them malicious");
        var lost = last.Alerted + last.Summaries - last.AlertsSuppressed - watcher.Messages;
        Line($"Alerts       {watcher.Messages:N0} received from NATS, {lost:N0} lost");
        Line($"Payload in to alert at the subscriber   {Times(watcher.EndToEnd)}");
        Line($"Payload in to alert sent                {Times(last.IngestToSent)}");
        Line($"Detection alone                         {Times(last.Detect)}");
        Line(
            $"Accounting   received {last.Received:N0} = {last.PayloadsClean:N0} clean + {last.Alerted:N0} alerted + "
                + $"{last.Rejected:N0} rejected + {last.Dropped:N0} dropped: {Verdict(console, last.PayloadsAddUp)}");
        Line(
            $"             alerted {last.Alerted:N0} + {last.Summaries:N0} summaries = "
                + $"{last.AlertsConfirmed:N0} confirmed + {last.AlertsSentUnconfirmed:N0} sent + "
                + $"{last.AlertsUnconfirmed:N0} unconfirmed + {last.AlertsSuppressed:N0} suppressed + "
                + $"{last.AlertsDroppedTotal:N0} dropped: {Verdict(console, last.AlertsAddUp)}");
        foreach (var rule in last.Rules.OrderByDescending(rule => rule.Matches).Take(5))
        {
            Line($"             {rule.Matches,6:N0} x {rule.Rule}");
        }
    }

    private static string Times(LatencyHistogram times) => times.Count == 0
        ? "no samples"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {times.Percentile(0.50) / 1000.0:0} us, p95 {times.Percentile(0.95) / 1000.0:0} us, p99 "
                + $"{times.Percentile(0.99) / 1000.0:0} us");

    private static string Verdict(CliConsole console, bool addsUp) =>
        addsUp ? console.Color("32", "adds up") : console.Color("31", "DOES NOT ADD UP");
}
