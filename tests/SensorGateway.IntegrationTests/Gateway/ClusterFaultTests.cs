using System.Diagnostics;
using System.Runtime.Versioning;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

[SupportedOSPlatform("linux")]
public sealed class ClusterFaultTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RollingRestart_ThreeServers_NothingIsLostAndOrderHolds(bool announced)
    {
        const int Sensors = 4;
        int[] routes = [NatsServerProcess.FreePort(), NatsServerProcess.FreePort(), NatsServerProcess.FreePort()];
        var others = string.Join(", ", routes.Select(static port => $"\"nats://127.0.0.1:{port}\""));
        var servers = routes.Select(port => NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = $"cluster {{ name: c, listen: \"127.0.0.1:{port}\", routes: [ {others} ] }}\n",
        })).ToArray();
        var collectors = servers.Select(static server => new AlertCollector(server.Endpoint)).ToArray();
        using var gateway = new GatewayHarness(TestOptions.For([.. servers.Select(static server => server.Endpoint)]));
        var connected = gateway.UntilConnected();
        Assert.Equal(3, connected.Connections.Select(static connection => connection.Endpoint).Distinct().Count());
        // Until all are connected, sensors share what there is; the publish role deals them out again in its next turn.
        gateway.Until(static now => now.Pool.Active == 3, "sensors on all three servers");
        WaitForRoutes(servers, routes: 2);
        using var senders = new SteadySenders(gateway, Sensors, alertsAtOnce: 4);
        var longest = TimeSpan.Zero;
        for (var round = 0; round < (FaultRun.IsFull ? 5 : 1); round++)
        {
            for (var i = 0; i < servers.Length; i++)
            {
                var (server, collector) = (servers[i], collectors[i]);
                var since = Stopwatch.GetTimestamp();
                if (announced)
                {
                    server.AnnounceShutdown();
                    gateway.Until(now => now.Connections.All(c => c.State == "connected" && c.Endpoint != server.Url), "the move");
                    Thread.Sleep(100); // What the server has read, it passes on.
                }

                var subscriptions = collector.Subscriptions;
                server.Restart();
                gateway.UntilConnected();
                longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(since).Ticks));
                gateway.Until(_ => collector.Subscriptions > subscriptions, "the subscriber back");
                Thread.Sleep(500); // Until the others know what it wants.
            }

            FaultRun.Tell($"three servers in turn ({(announced ? "announced" : "killed")}): round {round + 1}, longest restart {longest.TotalMilliseconds:F0} ms");
        }

        senders.Stop();
        var sent = senders.Evil;
        var now = gateway.UntilSettled(sent);
        Thread.Sleep(500);

        // A subscriber misses what comes while its server restarts; between them they must have everything.
        var lost = senders.Senders.Sum(sender => collectors
            .Select(collector => collector.MissingOf(sender.Sensor, sender.Evil).ToHashSet())
            .Aggregate(static (one, other) => { one.IntersectWith(other); return one; }).Count);
        var dead = announced ? "" : " (core NATS: what a killed server had confirmed and not passed on dies with it)";
        output.WriteLine($"{(announced ? "lame duck, then" : "kill -9 and")} restart of three servers in turn: published {sent}, "
            + $"received once {sent - lost}, lost {lost}{dead}, duplicates {collectors.Max(static c => c.Duplicates)}, "
            + $"reordered {collectors.Sum(static c => c.Reordered)}, longest restart {longest.TotalMilliseconds:F0} ms, "
            + $"reconnects {now.Connections.Sum(static c => c.Reconnects)}, resent {now.Connections.Sum(static c => c.Resent)}");
        Assert.Equal((0, 0), (collectors.Sum(static collector => collector.Reordered), now.AlertsDroppedTotal));
        Assert.Equal(sent, now.AlertsConfirmed);
        if (announced)
        {
            Assert.Equal(0, lost);
        }

        Array.ForEach(collectors, static collector => collector.Dispose());
        Array.ForEach(servers, static server => server.Dispose());
    }

    private static void WaitForRoutes(NatsServerProcess[] servers, int routes)
    {
        var since = Stopwatch.GetTimestamp();
        while (servers.Any(server => server.Output.Split("Route connection created").Length - 1 < routes))
        {
            Assert.True(Stopwatch.GetElapsedTime(since).TotalSeconds < 20, "the cluster never formed");
            Thread.Sleep(50);
        }
    }
}
