using System.Diagnostics;
using System.Runtime.Versioning;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Spooling;

/// <summary>A whole gateway whose spool lies on a disk that does not answer, as network disks and dying ones do.</summary>
[SupportedOSPlatform("linux")]
public sealed class HungDiskTests(ITestOutputHelper output)
{
    private const int Alerts = 60_000; // Twice what all memory before the disk takes.

    [Fact]
    public void HungDisk_WhileNatsIsAway_DetectionGoesOnAndEverythingIsCounted()
    {
        using var folder = new SpoolFolder();
        using var files = new HangingFiles(folder.Path);
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port) { Refuses = true };
        using var gateway = new GatewayHarness(Options(folder, files, proxy));
        using var sensor = gateway.Sender();
        sensor.Send(200);
        gateway.Until(static now => now is { Alerted: 200, Spool.Records: > 0 }, "the first alerts on the disk");

        files.Answers.Reset();
        var from = Stopwatch.GetTimestamp();
        sensor.Send(Alerts);
        var hung = gateway.Until(static now => now is { Alerted: 200 + Alerts, AlertsWaiting: 0, AlertsAddUp: true }, "all judged beside a hung disk");
        var judged = Stopwatch.GetElapsedTime(from);
        Assert.Equal("hanging", hung.Spool!.State);
        Assert.False(hung.SpoolTakesAlerts);
        Assert.InRange(hung.AlertsDroppedTotal, 1, Alerts);
        Assert.Equal(hung.AlertsDroppedTotal, hung.AlertsDropped[AlertDropReason.SpoolFailed] + hung.AlertsDropped[AlertDropReason.UnconfirmedFull]);
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("does not answer", StringComparison.Ordinal));

        files.Answers.Set();
        gateway.Until(static now => now.Spool!.State == "ok" && now.Spool.SyncedRecords >= now.AlertsSpooled, "the disk taken back");
        using var alerts = new AlertCollector(server.Endpoint);
        proxy.Refuses = false;
        var now = gateway.UntilSettled(200 + Alerts);
        Assert.True(alerts.WaitFor(200 + Alerts - now.AlertsDroppedTotal), alerts.Figures(200 + Alerts));
        output.WriteLine(
            $"{Alerts} alerts beside a hung disk judged in {judged.TotalMilliseconds:F0} ms, dropped {now.AlertsDroppedTotal}; "
            + alerts.Figures(200 + Alerts - now.AlertsDroppedTotal));
        Assert.Equal(0, alerts.Reordered);
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("answers again", StringComparison.Ordinal));
    }

    [Fact]
    public void Start_WhileTheDiskHangs_DetectsAndPublishesWithoutIt()
    {
        using var folder = new SpoolFolder();
        using var files = new HangingFiles(folder.Path);
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var alerts = new AlertCollector(server.Endpoint);
        files.Answers.Reset();
        using var gateway = new GatewayHarness(Options(folder, files, proxy));
        using var sensor = gateway.Sender();
        sensor.Send(200);
        Assert.True(alerts.WaitFor(200), alerts.Figures(200));
        gateway.Until(static now => now.Spool!.State == "failing", "a hung disk seen");
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("has not answered since the start", StringComparison.Ordinal));

        files.Answers.Set();
        gateway.Until(static now => now.Spool!.State == "ok", "the disk taken into use");
        gateway.UntilSettled(200);
    }

    [Fact]
    public async Task Stop_WhileTheDiskHangs_EndsAfterItsLimitAndSaysSo()
    {
        using var folder = new SpoolFolder();
        using var files = new HangingFiles(folder.Path);
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port) { Refuses = true };
        using var gateway = new GatewayHarness(Options(folder, files, proxy), drain: TimeSpan.FromSeconds(1));
        using var sensor = gateway.Sender();
        files.Answers.Reset();
        sensor.Send(100);
        gateway.Until(static now => now is { Alerted: 100, Spool.State: "hanging" }, "a hung disk");

        await Task.Run(gateway.Stop).WaitAsync(TimeSpan.FromSeconds(30)); // Not for the disk.
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("has not answered for 0.5 s at the stop", StringComparison.Ordinal));
        files.Answers.Set();
    }

    private static GatewayOptions Options(SpoolFolder folder, HangingFiles files, CutProxy proxy)
    {
        var options = folder.Options(proxy, oneServer: true);
        return options with
        {
            Spool = options.Spool! with { Files = files, StartLimit = TimeSpan.FromSeconds(0.2), StopLimit = TimeSpan.FromSeconds(0.5) },
        };
    }
}
