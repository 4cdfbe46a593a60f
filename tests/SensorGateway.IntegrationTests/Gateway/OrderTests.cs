using System.Runtime.Versioning;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

[SupportedOSPlatform("linux")]
public sealed class OrderTests(ITestOutputHelper output)
{
    [Fact]
    public void EightSensors_AtOnce_KeepTheirOrderAndShareThePool()
    {
        const int Sensors = 8;
        const int Each = 10_000;
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness( // Two names of one server count as two servers: two connections at least.
            TestOptions.For(server.Endpoint, new NatsEndpoint("localhost", server.Port)));
        gateway.UntilConnected();
        var senders = Enumerable.Range(0, Sensors).Select(sensor => gateway.Sender(sensor)).ToArray();
        InParallel(senders, static sender => sender.Send(Each));

        var now = gateway.UntilSettled(Sensors * Each);
        Assert.True(alerts.WaitFor(Sensors * Each), alerts.Figures(Sensors * Each));
        output.WriteLine($"{alerts.Figures(Sensors * Each)}; per connection "
            + string.Join(", ", now.Connections.Select(static connection => connection.Confirmed)));
        Assert.Equal((0, 0), (alerts.Reordered, alerts.Duplicates));
        Assert.True(now.Connections.Count(static connection => connection.Confirmed > 0) > 1, "one connection took all");

        // A sensor stays on one connection: whole sensors only.
        Assert.All(now.Connections, static connection => Assert.Equal(0, connection.Confirmed % Each));
    }

    [Fact]
    public void TwoWorkersAndThreeSources_AtOnce_KeepEachSensorsOrder()
    {
        const int Each = 10_000;
        var folder = Directory.CreateTempSubdirectory("sg-e2e-");
        try
        {
            using var server = NatsServerProcess.Start();
            using var alerts = new AlertCollector(server.Endpoint);
            var options = TestOptions.For(server.Endpoint) with
            {
                DetectionWorkers = 2,
                RingBytes = 1 << 20,
                Sources =
                [
                    TestOptions.Tcp(),
                    TestOptions.Unix(folder.FullName),
                    TestOptions.Udp() with { Overload = Overload.Block },
                ],
            };
            using var gateway = new GatewayHarness(options);
            gateway.UntilConnected();
            SensorSender[] senders =
            [
                gateway.Sender(0),
                gateway.Sender(1),
                gateway.Sender(2),
                gateway.Sender(3, source: 1),
                gateway.Sender(4, source: 2, payloadBytes: 100),
            ];
            InParallel(senders, static sender => sender.SendPaced(Each, perSecond: 10_000));

            var now = gateway.UntilSettled(senders.Length * Each);
            var fromStreams = Each * (senders.Length - 1L);
            Assert.Equal(senders.Length * Each, now.Received);
            Assert.Equal(now.Received - now.Dropped, now.Alerted);
            Assert.Equal(now.Dropped, now.Sources[2].Dropped.Values.Sum()); // Only the kernel may have dropped datagrams.
            Assert.True(alerts.WaitFor(now.Alerted), alerts.Figures(now.Alerted));
            output.WriteLine($"{alerts.Figures(senders.Length * Each)}; matched per worker's ring "
                + string.Join(", ", now.Roles.Select(static role => $"{role.Role} {role.InlineTurns} inline")));
            Assert.Equal((0, 0), (alerts.Reordered, alerts.Duplicates));
            Assert.Equal(fromStreams, senders[..4].Sum(sender => alerts.OnceOf(sender.Sensor)));
            Assert.Equal(2, now.Rings.Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Use_NewRulesUnderLoad_LosesNothingAndTakesEffectAtOnce()
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint, subject: "alerts.*.127_0_0_1");
        using var probed = new AlertCollector(server.Endpoint, subject: "alerts.*.127_0_0_2");
        var options = TestOptions.For(server.Endpoint) with
        {
            DetectionWorkers = 1,
            Sources = [TestOptions.Tcp(), TestOptions.Tcp("probes")],
        };
        using var gateway = new GatewayHarness(options);
        using var steady = gateway.Sender();
        using var probe = gateway.Sender(sensor: 1, source: 1);
        using var stop = new ManualResetEventSlim();
        var load = new Thread(() => SendUntil(stop, steady));
        load.Start();
        var expected = 0;
        try
        {
            for (var generation = 0; generation < 20; generation++)
            {
                // The probe's payloads match only the new rule of every second generation.
                Rule[] more = generation % 2 == 0 ? [TestRules.Regex("test.fine", "fine #01")] : [];
                gateway.Gateway.Use(RuleProgram.Build(
                    TestRules.Set([.. TestRules.Default.Rules, .. more]), options.Detection));
                probe.Send(5, evilEvery: int.MaxValue);
                expected += more.Length * 5;
                gateway.Until(now => now.Sources[1].Received == probe.Sent, "the probes received");
                gateway.Until(static now => now.Rings[0].Records == 0, "the probes judged, before the rules change again");
            }
        }
        finally
        {
            stop.Set();
            load.Join();
        }

        var sent = steady.Sent + probe.Sent;
        var last = gateway.UntilSettled(sent);
        Assert.True(alerts.WaitFor(steady.Evil), alerts.Figures(steady.Evil));
        Assert.True(probed.WaitForMessages(expected), $"{probed.Messages} of {expected} probes");
        output.WriteLine(alerts.Figures(steady.Evil));
        Assert.Equal((sent, steady.Evil + expected), (last.Received, last.Alerted));
        Assert.Equal(expected, probed.Messages);
        Assert.Equal((0, 0), (alerts.Reordered, alerts.Duplicates));
        Assert.Equal(2, last.RuleCount);
    }

    private static void SendUntil(ManualResetEventSlim stop, SensorSender sender)
    {
        while (!stop.IsSet)
        {
            sender.Send(20, evilEvery: 2);
            Thread.Sleep(1);
        }
    }

    private static void InParallel(SensorSender[] senders, Action<SensorSender> send)
    {
        var threads = senders.Select(sender => new Thread(() => send(sender))).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Array.ForEach(senders, static sender => sender.Dispose());
    }
}
