using System.Globalization;
using SensorGateway.Configuration;
using SensorGateway.Hosting.Status;

namespace SensorGateway.Cli;

/// <summary>Prints a status for people.</summary>
internal static class StatusPrinter
{
    public static void Print(CliConsole console, StatusReport report)
    {
        var output = console.Out;
        var state = report.Ready
            ? console.Color("32", "ready")
            : console.Color("31", $"NOT READY: {Printable.Whole(report.NotReadyBecause ?? "")}");
        output.WriteLine(
            $"gateway      {Printable.Short(report.Gateway)} {Printable.Short(report.Version)}, {state}, up "
                + $"{TimeSpan.FromSeconds((long)report.UptimeS)}");
        output.WriteLine(Line($"rules        {report.Rules:N0} rules, {report.Hashes:N0} hashes"));
        PrintReloads(console, report.Reloads);
        var payloads = report.Payloads;
        output.WriteLine(Line(
            $"payloads     {payloads.Received:N0} received = {payloads.Clean:N0} clean + {payloads.Alerted:N0} "
                + $"alerted + {payloads.Rejected:N0} rejected + {payloads.Dropped:N0} dropped"));
        var alerts = report.Alerts;
        var recovered = alerts.SpoolRecovered > 0 ? $" + {alerts.SpoolRecovered:N0} recovered" : "";
        var spooled = report.Spool is null ? "" : $" + {alerts.Spooled:N0} in the spool";
        output.WriteLine(Line(
            $"alerts       {payloads.Alerted:N0} made + {alerts.Summaries:N0} summaries{recovered} = "
                + $"{alerts.Confirmed:N0} confirmed + {alerts.SentUnconfirmed:N0} sent + "
                + $"{alerts.Unconfirmed:N0} unconfirmed{spooled} + {alerts.Suppressed:N0} suppressed + "
                + $"{alerts.Dropped:N0} dropped{Reasons(":", alerts.DroppedByReason)}"));
        PrintTime(output, "ingest-detect", report.TimesUs.IngestToDetect);
        PrintTime(output, "detect", report.TimesUs.Detect);
        PrintTime(output, "ingest-sent", report.TimesUs.IngestToSent);
        foreach (var source in report.Sources)
        {
            output.WriteLine(Line(
                $"source       {source.Id} {source.Endpoint}: {source.Received:N0} received, "
                    + $"{source.ConnectionsOpen:N0} "
                    + $"connections{Reasons(", rejected", source.Rejected)}{Reasons(", dropped", source.Dropped)}"));
        }

        var pool = report.Pool;
        output.WriteLine(Line(
            $"nats pool    {pool.Active} of {pool.Connections} connections in use: {pool.Why}; {pool.AlertsPerBatch} alerts a batch, "
                + $"window {pool.BatchWindowUs} us"));
        foreach (var connection in report.Connections)
        {
            var trouble = connection.LastError is null ? "" : $" ({connection.LastError})";
            var late = connection.UnconfirmedForS >= 1 ? Line($", nothing confirmed for {connection.UnconfirmedForS:F0} s") : "";
            var window = connection.AckWindow > 0
                ? Line($", {connection.AcksOutstanding:N0} of {connection.AckWindow:N0} answers awaited, {connection.Duplicates:N0} duplicates")
                : "";
            output.WriteLine(Line(
                $"nats         {connection.Index} {connection.State} {connection.Server}: {connection.Confirmed:N0} "
                    + $"confirmed, {connection.Unconfirmed:N0} unconfirmed ({connection.UnconfirmedBytes:N0} bytes){late}{window}, {connection.Reconnects:N0} "
                    + $"reconnects{Reasons(", refused subjects:", connection.RefusedSubjects)}{trouble}"));
        }

        if (report.Spool is { } disk)
        {
            var trouble = disk.LastError is null ? "" : $" ({disk.LastError})";
            output.WriteLine(Line(
                $"spool        {disk.Folder} {disk.State}: {disk.Bytes:N0} of {disk.BytesMax:N0} bytes, "
                    + $"{disk.Segments:N0} files, oldest {disk.OldestS:N0} s{trouble}"));
        }

        foreach (var rule in report.QuarantinedRules)
        {
            output.WriteLine(Line(
                $"{console.Color("31", "quarantined")}  {rule}: a regex of it timed out too often and is not run"));
        }

        foreach (var rule in report.SlowRules)
        {
            output.WriteLine(Line(
                $"{console.Color("33", "slow lane")}    {rule}: its automaton outgrows its memory again and again, so it is run without"));
        }

        foreach (var rule in report.TopRules)
        {
            output.WriteLine(Line($"rule         {rule.Rule}: {rule.Matches:N0} matches"));
        }

        foreach (var rule in report.DearestRules)
        {
            var exploded = rule.Exploded is null ? "" : $", automaton: {rule.Exploded}";
            output.WriteLine(Line(
                $"dearest      {rule.Rule}: {rule.NsPerPayload:N1} ns/payload by {rule.Stage}, {rule.Runs:N0} runs, "
                    + $"{rule.Matches:N0} matches{exploded}"));
        }
    }

    private static void PrintReloads(CliConsole console, StatusReloads reloads)
    {
        if (reloads.LastAt is not { } at)
        {
            return;
        }

        var last = reloads.LastOk == true ? "the last done" : console.Color("31", "THE LAST REFUSED");
        console.Out.WriteLine(Line(
            $"reloads      {reloads.Succeeded:N0} done, {reloads.Failed:N0} refused; {last} at {at:yyyy-MM-dd HH:mm:ss}Z"));
        foreach (var problem in reloads.LastProblems)
        {
            console.Out.WriteLine($"             {Printable.Whole(problem)}");
        }

        if (reloads.RestartNeeded.Count > 0)
        {
            console.Out.WriteLine($"             needs a restart: {Printable.Whole(string.Join(", ", reloads.RestartNeeded))}");
        }
    }

    private static void PrintTime(TextWriter output, string name, StatusTime time) =>
        output.WriteLine(
            Line($"{name,-12} p50 {time.P50} us, p95 {time.P95} us, p99 {time.P99} us, max {time.Max} us"));

    private static string Reasons(string title, IReadOnlyDictionary<string, long> counts)
    {
        var some = counts.Where(pair => pair.Value > 0).Select(pair => Line($"{pair.Value:N0} {pair.Key}")).ToArray();
        return some.Length == 0 ? "" : $"{title} {string.Join(", ", some)}";
    }

    /// <summary>Nothing that a gateway reports, such as a server's complaint, reaches the terminal unescaped.</summary>
    private static string Line(string text) => Printable.Whole(text);
}
