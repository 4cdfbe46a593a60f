using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

/// <summary>Rows of the fault matrix with one server. Each prints its figures; SENSORGATEWAY_FAULTS=full takes longer.</summary>
[SupportedOSPlatform("linux")]
public sealed class FaultMatrixTests(ITestOutputHelper output)
{
    [Fact]
    public void ServerStopped_ThenContinued_LosesNothing()
    {
        using var server = NatsServerProcess.Start();
        var time = TimeSpan.FromSeconds(FaultRun.IsFull ? 20 : 2);
        Play("SIGSTOP", server, () =>
        {
            server.Suspend();
            Thread.Sleep(time);
            server.Resume();
        });
    }

    [Fact]
    public void BlackHole_WithoutReset_LosesNothing()
    {
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        Play("black hole", server, () =>
        {
            proxy.Swallows = true;
            Thread.Sleep(TimeSpan.FromSeconds(FaultRun.IsFull ? 30 : 2));
            proxy.Swallows = false;
            proxy.CutAll(); // Bytes are missing in the middle of what these connections have carried.
        }, proxy);
    }

    [Fact]
    public void GarbageFromTheServer_BetweenItsLines_LosesNothing()
    {
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        var random = new Random(7);
        Play("garbage, half lines and endless INFO", server, () =>
        {
            for (var i = 0; i < (FaultRun.IsFull ? 100 : 12); i++)
            {
                var garbage = new byte[random.Next(1, 2000)];
                random.NextBytes(garbage);
                switch (i % 3)
                {
                    case 0:
                        proxy.Inject([.. garbage, .. "\r\n"u8]);
                        break;
                    case 1:
                        proxy.Inject("INFO {\"max_pay"u8); // The next real line ends it.
                        break;
                    default:
                        proxy.Inject([.. "INFO "u8, .. new byte[100_000]]);
                        break;
                }

                Thread.Sleep(150);
                if (i % 10 == 9)
                {
                    FaultRun.Tell($"garbage from the server: {i + 1} times");
                }
            }
        }, proxy);
    }

    [Fact]
    public void SubscriberThatStopsReading_UnderLoad_CostsTheOthersNothing()
    {
        const int Sensors = 4;
        var each = FaultRun.IsFull ? 60_000 : 9_000;
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        using var stuck = new StuckSubscriber(server.Port);
        var options = TestOptions.For(server.Endpoint);
        var roomy = options.Publishing with { UnconfirmedBytesMax = 128 << 20 }; // 12 MB of alerts a second, and a stall of 10 s.
        using var gateway = new GatewayHarness(options with { Publishing = roomy });
        gateway.UntilConnected();
        var senders = Enumerable.Range(0, Sensors).Select(sensor => gateway.Sender(sensor, payloadBytes: 1000)).ToArray();
        var threads = senders.Select(sender => new Thread(() => sender.SendPaced(each, perSecond: 1_500))).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        // The server may write to the full socket for 10 s and read nobody meanwhile; after 3 s we dial anew.
        var now = gateway.UntilSettled(Sensors * each);
        Assert.True(
            alerts.WaitFor(Sensors * each),
            $"{alerts.Figures(Sensors * each)}, {now.AlertsDroppedTotal} dropped and counted; subscribed {alerts.Subscriptions} times");
        Report("slow subscriber", alerts, now, Sensors * each, TimeSpan.Zero);
        Assert.Equal((0, 0), (alerts.Reordered, now.AlertsDroppedTotal));
        Array.ForEach(senders, static sender => sender.Dispose());
    }

    [Fact]
    public void MaxPayloadLowered_AtReconnect_WhatNoLongerFitsIsCountedAndTheRestArrives()
    {
        const int Each = 2000;
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var gateway = new GatewayHarness(TestOptions.For(proxy.Endpoint));
        gateway.UntilConnected();
        proxy.Refuses = true;
        server.Kill();
        gateway.Until(static now => now.Connections.All(static c => c.State == "connecting"), "the loss");
        using var small = gateway.Sender(0, payloadBytes: 64);
        using var large = gateway.Sender(1, payloadBytes: 1000);
        small.Send(Each);
        large.Send(Each);
        gateway.UntilJudged(2 * Each);
        server.Reconfigure(new NatsServerSetup { Configuration = "max_payload: 900\n" });
        server.Restart();
        using var alerts = new AlertCollector(server.Endpoint);
        proxy.Refuses = false;
        var now = gateway.UntilSettled(2 * Each);
        Assert.True(alerts.WaitFor(Each), alerts.Figures(2 * Each));
        Report($"max_payload lowered ({now.AlertsDropped[AlertDropReason.TooLarge]} dropped and counted)", alerts, now, 2 * Each, TimeSpan.Zero);
        Assert.Equal((Each, Each), (alerts.OnceOf(0), now.AlertsDropped[AlertDropReason.TooLarge]));
        Assert.Equal((0, 0), (alerts.Reordered, alerts.OnceOf(1)));
    }

    /// <summary>Three sensors send steadily while the fault runs and for a second after it.</summary>
    private void Play(string name, NatsServerProcess server, Action fault, CutProxy? proxy = null)
    {
        const int Sensors = 3;
        using var alerts = new AlertCollector(server.Endpoint);
        var options = TestOptions.For(proxy?.Endpoint ?? server.Endpoint);
        options = options with { Nats = options.Nats with { LivenessTimeout = TimeSpan.FromSeconds(FaultRun.IsFull ? 3 : 0.9) } };
        using var gateway = new GatewayHarness(options);
        gateway.UntilConnected();
        using var senders = new SteadySenders(gateway, Sensors);
        Thread.Sleep(300);
        fault();
        var since = Stopwatch.GetTimestamp();
        var owed = gateway.Now.Alerted;
        gateway.Until(now => now.AlertsConfirmed >= owed, "everything from before the end of the fault confirmed");
        var recovery = Stopwatch.GetElapsedTime(since);
        Thread.Sleep(700);
        senders.Stop();
        var now = gateway.UntilSettled(senders.Evil);
        Assert.True(alerts.WaitFor(senders.Evil), alerts.Figures(senders.Evil));
        Report(name, alerts, now, senders.Evil, recovery);
        Assert.Equal((0, 0), (alerts.Reordered, now.AlertsDroppedTotal));
    }

    private void Report(string fault, AlertCollector alerts, GatewaySnapshot now, long published, TimeSpan recovery) =>
        output.WriteLine($"{fault}: {alerts.Figures(published)}, recovery {recovery.TotalMilliseconds:F0} ms, "
            + $"reconnects {now.Connections.Sum(static c => c.Reconnects)}, resent {now.Connections.Sum(static c => c.Resent)}");
}
