using System.Collections.Immutable;
using System.Runtime.Versioning;
using SensorGateway.IntegrationTests.Nats;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

[SupportedOSPlatform("linux")]
public sealed class NatsAwayTests(ITestOutputHelper output)
{
    private static readonly TimeSpan NoDrain = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void Start_WithoutNats_AlertsWaitAndArriveInOrderWhenItComes()
    {
        using var server = NatsServerProcess.Start();
        server.Kill();
        using var proxy = new CutProxy(server.Port) { Refuses = true };
        using var gateway = new GatewayHarness(TestOptions.For(proxy.Endpoint));
        using var sensor = gateway.Sender();
        sensor.Send(5000);

        var away = gateway.UntilJudged(5000);
        Assert.True(away.IsListening);
        Assert.False(away.CanPublish);
        Assert.Equal((5000, 0, 5000), (away.Alerted, away.AlertsConfirmed, away.AlertsUnconfirmed));
        gateway.Until(
            static now => now.Connections.All(static connection => connection.LastError is not null), "the reason");

        server.Restart();
        using var alerts = new AlertCollector(server.Endpoint); // Before the gateway: nobody gets what nobody asked for.
        proxy.Refuses = false;

        var now = gateway.UntilSettled(5000);
        Assert.True(now.CanPublish);
        Assert.True(alerts.WaitFor(5000), alerts.Figures(sensor.Evil));
        output.WriteLine(alerts.Figures(sensor.Evil));
        Assert.Equal((0, 0), (alerts.Reordered, alerts.Duplicates));
    }

    [Fact]
    public void NatsAway_LittleMemory_OverflowIsCountedAndDetectionGoesOn()
    {
        using var server = NatsServerProcess.Start();
        server.Kill();
        using var proxy = new CutProxy(server.Port) { Refuses = true };
        var options = TestOptions.For(proxy.Endpoint) with
        {
            Publishing = new PublishingOptions { UnconfirmedBytesMax = 256 * 1024 },
        };
        using var gateway = new GatewayHarness(options);
        using var sensor = gateway.Sender();
        sensor.Send(50_000);

        var away = gateway.UntilJudged(50_000);
        Assert.Equal(50_000, away.Alerted);
        away = gateway.Until(static now => now.AlertsWaiting == 0 && now.AlertsAddUp, "the overflow counted");
        var kept = away.AlertsUnconfirmed;
        Assert.InRange(kept, 10, 256 * 1024 / 128);
        Assert.Equal(50_000 - kept, away.AlertsDropped[AlertDropReason.UnconfirmedFull]);
        Assert.Equal(0, away.Dropped); // Detection kept up: what was lost was lost behind it.
        Assert.Contains(gateway.Log.Lines, static line =>
            line.Contains("alerts so far: NATS takes none and publishing.unconfirmed is used up", StringComparison.Ordinal));

        server.Restart();
        using var alerts = new AlertCollector(server.Endpoint);
        proxy.Refuses = false;
        gateway.UntilSettled(50_000);
        Assert.True(alerts.WaitFor(kept), alerts.Figures(sensor.Evil));
        sensor.SendPaced(200, perSecond: 5000);

        var now = gateway.UntilSettled(50_200);
        Assert.True(alerts.WaitFor(kept + 200), alerts.Figures(sensor.Evil));
        output.WriteLine($"{alerts.Figures(sensor.Evil)}; dropped and counted {now.AlertsDroppedTotal}");
        Assert.Equal(0, alerts.Reordered);
        Assert.Equal(sensor.Evil - alerts.Once, now.AlertsDroppedTotal);
    }

    [Fact]
    public void WrongPassword_IsRefusedWithTheReason_UntilTheServerKnowsIt()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { User = "edge", Password = "old" });
        var options = TestOptions.For(server.Endpoint);
        options = options with { Nats = options.Nats with { User = "edge", Password = "s3same" } };
        using var gateway = new GatewayHarness(options);
        using var sensor = gateway.Sender();
        sensor.Send(100);

        var refused = gateway.Until(
            static now => now.Connections.All(static connection => connection.State == "refused"), "the refusal");
        Assert.All(refused.Connections, connection => Assert.Equal(
            $"{server.Url} refused us: Authorization Violation; check user, password or token", connection.LastError));
        Assert.False(refused.CanPublish);
        Assert.Equal(100, gateway.UntilJudged(100).AlertsUnconfirmed);
        Assert.DoesNotContain(gateway.Log.Lines, static line => line.Contains("s3same", StringComparison.Ordinal));

        server.Reconfigure(new NatsServerSetup { User = "edge", Password = "s3same" });
        server.Restart();

        var now = gateway.UntilSettled(100);
        Assert.Equal(100, now.AlertsConfirmed);
        Assert.All(gateway.UntilConnected().Connections, static connection => Assert.Null(connection.LastError));
    }

    [Fact]
    public void ServerThatIsNotNats_KeepsAlertsWaitingAndDetectionGoing()
    {
        using var http = new StrangeServer(
            static socket => socket.Send("HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n"u8));
        using var gateway = new GatewayHarness(TestOptions.For(http.Endpoint), drain: NoDrain);
        using var sensor = gateway.Sender();
        sensor.Send(1000);

        var now = gateway.Until(
            static now => now.Alerted == 1000 && now.Connections.All(static connection => connection.LastError is not null),
            "alerts waiting and the reason told");
        Assert.All(now.Connections, static connection => Assert.Contains(
            "does not speak NATS: it sent \"HTTP/1.1 400 Bad Request", connection.LastError, StringComparison.Ordinal));
        Assert.False(now.CanPublish);
        gateway.Until(_ => http.Accepted > 4, "further attempts");

        var last = gateway.Stop();
        Assert.Equal(1000, last.AlertsUnconfirmed + last.AlertsDroppedTotal);
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("1000", StringComparison.Ordinal));
    }

    [Fact]
    public void OneServerBehindABlackHole_OtherConnectionsGoOnAndItsSensorsMoveOver()
    {
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var alerts = new AlertCollector(server.Endpoint);
        var options = TestOptions.For(proxy.Endpoint, server.Endpoint); // Connections 0 and 2 begin with the proxy.
        options = options with { Nats = options.Nats with { LivenessTimeout = TimeSpan.FromSeconds(1) } };
        using var gateway = new GatewayHarness(options);
        var connected = gateway.UntilConnected();
        ImmutableArray<bool> isProxied =
            [.. connected.Connections.Select(connection => connection.Endpoint == proxy.Endpoint.ToString())];
        Assert.Contains(true, isProxied);
        Assert.Contains(false, isProxied);
        var senders = Enumerable.Range(0, AlertCollector.SensorsMax).Select(index => gateway.Sender(index)).ToArray();
        gateway.Until(static now => now.Pool.Active == 2, "sensors on both servers"); // The first with the proxy, the second without.
        bool UsesProxy(SensorSender sender) => isProxied[
            (int)(new Sensor(0, $"127.0.0.{sender.Sensor + 1}", "tcp").Hash % 2)];
        Assert.Contains(senders, UsesProxy);
        SendAll(senders, 50);
        Assert.True(alerts.WaitFor(senders.Length * 50), alerts.Figures(senders.Length * 50));

        proxy.Swallows = true;
        SendAll(senders, 50);
        var direct = senders.Where(sender => !UsesProxy(sender)).ToArray();
        Assert.NotEmpty(direct);
        gateway.Until(_ => direct.All(sender => alerts.OnceOf(sender.Sensor) == 100), "the others' alerts");

        // The swallowed ones come too, once the silence was noticed and the other server dialled.
        var now = gateway.UntilSettled(senders.Length * 100);
        Assert.True(alerts.WaitFor(senders.Length * 100), alerts.Figures(senders.Length * 100));
        output.WriteLine($"{alerts.Figures(senders.Length * 100)}; resent {now.Connections.Sum(static c => c.Resent)}");
        Assert.Equal(0, alerts.Reordered);
        now = gateway.Until( // Spare connections notice a little later: nothing waits on them.
            now => now.Connections.All(connection => connection.Endpoint == server.Url), "all with the other server");
        foreach (var connection in now.Connections)
        {
            Assert.True(isProxied[connection.Index] || connection.Reconnects == 0);
        }

        Array.ForEach(senders, static sender => sender.Dispose());
    }

    private static void SendAll(SensorSender[] senders, int each)
    {
        for (var i = 0; i < each; i++)
        {
            Array.ForEach(senders, static sender => sender.Send(1));
        }
    }
}
