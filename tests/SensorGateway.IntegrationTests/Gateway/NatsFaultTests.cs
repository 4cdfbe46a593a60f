using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

[SupportedOSPlatform("linux")]
public sealed class NatsFaultTests(ITestOutputHelper output)
{
    public static TheoryData<double> SecondsAway => FaultRun.IsFull ? [0.5, 5, 60] : [0.5];

    /// <summary>In full a hundred times at 20,000 alerts a second.</summary>
    [Fact]
    public void ConnectionsCutAgainAndAgain_UnderLoad_NothingIsLostAndOrderHolds()
    {
        const int Sensors = 4;
        var (times, rate, each) = FaultRun.IsFull ? (100, 5_000, 250_000) : (10, 2_500, 7_500);
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(TestOptions.For(proxy.Endpoint));
        gateway.UntilConnected();
        var senders = Enumerable.Range(0, Sensors).Select(sensor => gateway.Sender(sensor)).ToArray();
        var threads = senders.Select(sender => new Thread(() => sender.SendPaced(each, perSecond: rate))).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        for (var cuts = 0; cuts < times; cuts++)
        {
            Thread.Sleep(250);
            gateway.UntilConnected();
            proxy.CutAll();
            if (cuts % 10 == 9)
            {
                FaultRun.Tell($"connections cut: {cuts + 1} of {times}, {alerts.Figures(senders.Sum(static sender => sender.Evil))}");
            }
        }

        Array.ForEach(threads, static thread => thread.Join());
        gateway.UntilSettled(Sensors * each);
        var now = gateway.Until(
            now => now.Connections.Sum(static connection => connection.Reconnects) >= times * now.Connections.Length, "the last reconnects");
        Assert.True(alerts.WaitFor(Sensors * each), alerts.Figures(Sensors * each));
        output.WriteLine($"cut {times} times: {alerts.Figures(Sensors * each)}; reconnects {now.Connections.Sum(static c => c.Reconnects)}, "
            + $"resent {now.Connections.Sum(static c => c.Resent)}");
        Assert.Equal(0, alerts.Reordered);
        Assert.Equal(0, now.AlertsDroppedTotal);
        Assert.InRange(alerts.Duplicates, 0, now.Connections.Sum(static connection => connection.Resent));
        Array.ForEach(senders, static sender => sender.Dispose());
    }

    /// <summary>Longer ones with less load, so that all fits into the memory.</summary>
    [Theory]
    [MemberData(nameof(SecondsAway))]
    public void ServerKilledAndRestarted_UnderLoad_OnlyWhatTheDeadServerHadReadIsLost(double secondsAway)
    {
        const int Sensors = 2;
        var rate = secondsAway > 1 ? 250 : 2_500;
        var each = (int)(rate * (secondsAway + 3));
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(TestOptions.For(proxy.Endpoint));
        gateway.UntilConnected();
        var senders = Enumerable.Range(0, Sensors).Select(sensor => gateway.Sender(sensor)).ToArray();
        var threads = senders.Select(sender => new Thread(() => sender.SendPaced(each, perSecond: rate))).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        gateway.Until(now => now.AlertsConfirmed > rate, "load");

        proxy.Refuses = true; // Until the subscriber is back: a message that nobody asked for goes nowhere.
        server.Kill();
        var dead = gateway.Until(
            static now => now.Connections.All(static connection => connection.State == "connecting"), "the loss noticed");
        var sentBefore = senders.Select(static sender => sender.Evil).ToArray();
        Thread.Sleep(TimeSpan.FromSeconds(secondsAway));
        server.Restart();
        gateway.Until(_ => alerts.Subscriptions == 2, "the subscriber back");
        proxy.Refuses = false;

        Array.ForEach(threads, static thread => thread.Join());
        var now = gateway.UntilSettled(Sensors * each);
        Assert.Equal(Sensors * each, now.AlertsConfirmed);

        // What the killed server had read, and so confirmed, is its own business; everything else is ours.
        var mayBeLost = dead.AlertsConfirmed;
        Assert.True(alerts.WaitFor(Sensors * each - mayBeLost), alerts.Figures(Sensors * each));
        gateway.Until(
            _ => senders.All(sender =>
                alerts.MissingOf(sender.Sensor, each).All(number => number < sentBefore[sender.Sensor])),
            "everything that was sent after the kill has arrived");
        output.WriteLine($"killed and away for {secondsAway} s: {alerts.Figures(Sensors * each)}; confirmed by the killed server {mayBeLost}");
        Assert.Equal(0, alerts.Reordered);
        Assert.Equal(0, now.AlertsDroppedTotal);
        Array.ForEach(senders, static sender => sender.Dispose());
    }

    [Fact]
    public void ServerThatStandsStill_ForLongerThanItsPatience_LosesNothing()
    {
        const int Count = 20_000;
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        var options = TestOptions.For(server.Endpoint);
        options = options with { Nats = options.Nats with { LivenessTimeout = TimeSpan.FromMilliseconds(600) } };
        using var gateway = new GatewayHarness(options);
        gateway.UntilConnected();
        using var sensor = gateway.Sender();
        sensor.SendPaced(Count / 4, perSecond: 10_000);
        server.Suspend();
        sensor.SendPaced(Count / 2, perSecond: 10_000);
        gateway.UntilJudged(Count / 4 * 3); // Detection does not wait for NATS.
        gateway.Until(static now => now.Connections.Any(static c => c.State != "connected"), "the stall noticed");
        server.Resume();
        sensor.SendPaced(Count / 4, perSecond: 10_000);

        var now = gateway.UntilSettled(Count);
        Assert.True(alerts.WaitFor(Count), alerts.Figures(Count));
        output.WriteLine($"{alerts.Figures(Count)}; resent {now.Connections.Sum(static connection => connection.Resent)}");
        Assert.Equal(0, alerts.Reordered);
        Assert.Equal(0, now.AlertsDroppedTotal);
    }

    [Fact]
    public void SubscriberThatNeverReads_CostsTheOthersNothing()
    {
        const int Sensors = 4;
        const int Each = 9_000; // Fits the memory of one connection, should the server stand still for its sake.
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        using var stuck = new StuckSubscriber(server.Port);
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint));
        gateway.UntilConnected();
        var senders = Enumerable.Range(0, Sensors).Select(sensor => gateway.Sender(sensor, payloadBytes: 300)).ToArray();
        for (var sent = 0; sent < Each; sent += 100)
        {
            Array.ForEach(senders, static sender => sender.Send(100));
            Thread.Sleep(10);
        }

        var now = gateway.UntilSettled(Sensors * Each);
        Assert.True(alerts.WaitFor(Sensors * Each), alerts.Figures(Sensors * Each));

        // A server that writes to a full socket does not read its publishers' for that long; then they dial again.
        output.WriteLine($"{alerts.Figures(Sensors * Each)}; reconnects {now.Connections.Sum(static c => c.Reconnects)}");
        Assert.Equal(0, alerts.Reordered);
        Assert.Equal((Sensors * Each, 0), (now.AlertsConfirmed, now.AlertsDroppedTotal));
        Assert.Equal(TimeSpan.Zero, now.Sources[0].Blocked);
        Array.ForEach(senders, static sender => sender.Dispose());
    }
}
