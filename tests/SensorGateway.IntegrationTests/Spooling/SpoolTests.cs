using System.Runtime.Versioning;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Spooling;

[SupportedOSPlatform("linux")]
public sealed class SpoolTests(ITestOutputHelper output)
{
    private const int Sensors = 8;
    private const int Each = 5000;

    [Fact]
    public void NatsAway_ForLongerThanMemoryLasts_EverythingArrivesOnceAndInOrder()
    {
        using var folder = new SpoolFolder();
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(folder.Options(proxy));
        gateway.UntilConnected();
        var senders = Enumerable.Range(0, Sensors).Select(sensor => gateway.Sender(sensor)).ToArray();
        SendAll(senders, 100);
        Assert.True(alerts.WaitFor(Sensors * 100), alerts.Figures(Sensors * 100));

        proxy.Refuses = true;
        proxy.CutAll();
        SendAll(senders, Each);
        var away = gateway.Until(
            static now => now.Alerted == Sensors * (100 + Each) && now is { AlertsWaiting: 0, AlertsAddUp: true, Spool.State: "ok" }
                && now.Spool.SyncedRecords >= now.AlertsSpooled,
            "everything stored");
        Assert.True(away.AlertsDroppedTotal == 0, gateway.Describe(away));
        Assert.InRange(away.AlertsSpooled, Sensors * Each / 2, Sensors * Each);
        Assert.True(away.SpoolTakesAlerts);
        Assert.True(away.Spool!.Segments > 0 && folder.Segments.Any());

        proxy.Refuses = false;
        SendAll(senders, 500); // While the spool empties.
        var total = Sensors * (100 + Each + 500);
        var now = gateway.UntilSettled(total);
        Assert.True(
            alerts.WaitFor(total),
            $"{alerts.Figures(total)} messages {alerts.Messages} subscriptions {alerts.Subscriptions} missing {string.Join('/', Enumerable.Range(0, Sensors).Select(s => string.Join(',', alerts.MissingOf(s, total / Sensors).Take(3)) + "x" + alerts.MissingOf(s, total / Sensors).Count))} {gateway.Describe(now)}");
        output.WriteLine($"{alerts.Figures(total)}; spooled {now.AlertsSpooledEver}");
        Assert.Equal((0, 0), (alerts.Reordered, now.AlertsDroppedTotal));
        gateway.Until(static now => now is { AlertsSpooled: 0, Spool.Segments: 0 }, "an empty spool");
        Assert.Empty(folder.Segments);
        SendAll(senders, 100);
        Assert.True(alerts.WaitFor(total + Sensors * 100), alerts.Figures(total));
        Array.ForEach(senders, static sender => sender.Dispose());
    }

    [Fact]
    public void Stop_WithoutNats_KeepsEverythingForTheNextStart()
    {
        using var folder = new SpoolFolder();
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port) { Refuses = true };
        GatewaySnapshot last;
        using (var gateway = new GatewayHarness(folder.Options(proxy)))
        {
            var senders = Enumerable.Range(0, Sensors).Select(sensor => gateway.Sender(sensor)).ToArray();
            SendAll(senders, 300);
            gateway.UntilJudged(Sensors * 300);
            last = gateway.Stop();
            Array.ForEach(senders, static sender => sender.Dispose());
            Assert.Contains(gateway.Log.Lines, static line => line.Contains("they lie in the spool", StringComparison.Ordinal));
        }

        Assert.Equal(Sensors * 300, last.AlertsUnconfirmed + last.AlertsSpooled);

        // With another number of connections, so that sensors come back on others.
        using var alerts = new AlertCollector(server.Endpoint);
        proxy.Refuses = false;
        using var second = new GatewayHarness(folder.Options(proxy, oneServer: true));
        var now = second.Until(static now => now is { SpoolRecovered: > 0, AlertsSpooled: 0, AlertsUnconfirmed: 0 }, "the rest sent");
        Assert.True(alerts.WaitFor(Sensors * 300), alerts.Figures(Sensors * 300));
        output.WriteLine(alerts.Figures(Sensors * 300));
        Assert.Equal((Sensors * 300, Sensors * 300, true), (now.SpoolRecovered, now.AlertsConfirmed, now.AlertsAddUp));
        Assert.Equal((0, 0), (alerts.Reordered, alerts.Duplicates));
        second.Until(static now => now.Spool!.Segments == 0, "an empty spool");
    }

    [Fact]
    public void Start_WithADamagedSpool_SendsWhatIsSoundAndSaysSo()
    {
        using var folder = new SpoolFolder();
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port) { Refuses = true };
        using (var gateway = new GatewayHarness(folder.Options(proxy)))
        {
            using var sensor = gateway.Sender();
            sensor.Send(3000);
            gateway.Until(static now => now is { Alerted: 3000, AlertsWaiting: 0 }, "all judged");
        }

        var segment = folder.Segments.First();
        var bytes = File.ReadAllBytes(segment);
        bytes.AsSpan(5000, 4096).Clear();
        bytes[20_000] ^= 4;
        File.WriteAllBytes(segment, bytes);
        File.WriteAllText(Path.Combine(folder.Path, "00000000000000ff.spool"), "this is no segment at all, but long enough for one");
        Directory.CreateDirectory(Path.Combine(folder.Path, "00000000000000fe.spool"));
        File.WriteAllText(Path.Combine(folder.Path, "epoch"), "12x");

        using var alerts = new AlertCollector(server.Endpoint);
        proxy.Refuses = false;
        using var second = new GatewayHarness(folder.Options(proxy));
        var now = second.Until(static now => now is { SpoolRecovered: > 0, AlertsSpooled: 0, AlertsUnconfirmed: 0 }, "the rest sent");
        Assert.InRange(now.SpoolRecovered, 2900, 2999);
        Assert.True(alerts.WaitFor(now.SpoolRecovered), alerts.Figures(3000));
        output.WriteLine(alerts.Figures(3000));
        Assert.Equal((0, 0), (alerts.Reordered, alerts.Duplicates));
        Assert.True(now.Spool!.DamagedBytes >= 4096);
        Assert.Contains(second.Log.Lines, static line => line.Contains("is damaged", StringComparison.Ordinal));
        second.Until(static now => now.Spool!.Segments == 0, "an empty spool");
        Assert.Equal(2, Directory.EnumerateFiles(folder.Path, "*.bad").Count());
    }

    [Fact]
    public void SecondGateway_OnTheSameSpool_IsRefused()
    {
        using var folder = new SpoolFolder();
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var first = new GatewayHarness(folder.Options(proxy));

        var refused = Assert.Throws<Pipeline.Spooling.SpoolException>(() => new GatewayHarness(folder.Options(proxy)));

        Assert.Contains($"in use by process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SpoolFull_TheLeastGraveGoFirst()
    {
        using var folder = new SpoolFolder();
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port) { Refuses = true };
        var rules = TestRules.Set(
            TestRules.Literal("a", "sensor", Rules.Model.Severity.Info), TestRules.Literal("b", TestRules.Evil, Rules.Model.Severity.Critical));
        using var gateway = new GatewayHarness(folder.Options(proxy, bytesMax: 1 << 20), rules, TimeSpan.FromMilliseconds(200));
        using var low = gateway.Connect();
        for (var i = 0; i < 6000; i++)
        {
            low.Send([0, 0, 0, 9, .. "sensor  x"u8]);
        }

        var full = gateway.Until(static now => now is { Alerted: 6000, AlertsWaiting: 0, AlertsAddUp: true } && now.AlertsDroppedTotal > 0, "a full spool");
        using var grave = gateway.Sender();
        grave.Send(200);

        var now = gateway.Until(static now => now is { Alerted: 6200, AlertsWaiting: 0, AlertsAddUp: true }, "the grave ones judged");
        Assert.Equal(full.AlertsDroppedTotal, now.AlertsDroppedTotal);
        Assert.Equal(full.AlertsSpooled + 200, now.AlertsSpooled);
        Assert.False(now.SpoolTakesAlerts);
        Assert.Single(gateway.Log.Lines, static line => line.StartsWith("Dropped 1 alerts so far, the least grave first", StringComparison.Ordinal));
        output.WriteLine($"{now.AlertsSpooled} stored, {now.AlertsDropped[AlertDropReason.SpoolFull]} dropped, {now.Spool!.Bytes} bytes");
        Assert.True(Directory.EnumerateFiles(folder.Path, "*.spool").Sum(static file => new FileInfo(file).Length) <= 1 << 20);
    }

    private static void SendAll(SensorSender[] senders, int each)
    {
        for (var sent = 0; sent < each; sent += 50)
        {
            Array.ForEach(senders, static sender => sender.Send(50));
        }
    }
}
