using System.Runtime.Versioning;
using SensorGateway.IntegrationTests.Nats;
using SensorGateway.Nats;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Spooling;

/// <summary>A stream behind a gateway with a spool: what the stream holds in the end is what counts.</summary>
[SupportedOSPlatform("linux")]
public sealed class SpoolJetStreamTests(ITestOutputHelper output)
{
    private const int Sensors = 4;

    [Fact]
    public void ServerKilledAndRestarted_WithASpool_TheStreamHoldsEachAlertOnceInOrder()
    {
        var rounds = FaultRun.IsFull ? 10 : 2;
        using var folder = new SpoolFolder();
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var proxy = new CutProxy(server.Port);
        using (var admin = new StreamAdmin(server.Endpoint))
        {
            admin.Create("ALERTS");
        }

        var options = folder.Options(proxy);
        options = options with { Nats = options.Nats with { Delivery = NatsDelivery.JetStream, ExpectedStream = "ALERTS" } };
        using var gateway = new GatewayHarness(options);
        gateway.UntilConnected();
        var senders = Enumerable.Range(0, Sensors).Select(sensor => gateway.Sender(sensor)).ToArray();
        var each = 0;
        for (var round = 0; round < rounds; round++)
        {
            Send(200);
            gateway.UntilSettled(Sensors * each);
            Send(100); // Under way, answered or not, when the server dies.
            server.Kill();
            Send(2000);
            gateway.Until(now => now is { AlertsWaiting: 0, AlertsSpooled: > 0 } && now.Alerted == Sensors * each, "alerts in the spool");
            server.Restart();
            Send(200); // While the spool empties.
            gateway.Until(static now => now.AlertsConfirmed > 0, "the stream back");
            FaultRun.Tell($"spool before a stream: round {round + 1} of {rounds}, {gateway.Now.AlertsSpooledEver} alerts through the spool so far");
        }

        var total = Sensors * each;
        var last = gateway.UntilSettled(total);
        using var reader = new AlertCollector(server.Endpoint, subject: "read.all");
        using (var admin = StreamAdmin.Reopen(server.Endpoint, "ALERTS"))
        {
            admin.DeliverAll("ALERTS", "read.all");
            Assert.True(reader.WaitFor(total), reader.Figures(total));
            output.WriteLine(
                $"{reader.Figures(total)}; resent {last.Connections.Sum(static c => c.Resent)}, "
                + $"known to the stream already {last.Connections.Sum(static c => c.Duplicates)}");
            Assert.Equal(total, admin.Count("ALERTS"));
        }

        Assert.Equal((0, 0, 0), (reader.Duplicates, reader.Reordered, last.AlertsDroppedTotal));
        Assert.Equal(total, last.AlertsConfirmed);
        gateway.Until(static now => now.Spool!.Segments == 0, "an empty spool");
        Array.ForEach(senders, static sender => sender.Dispose());

        void Send(int more)
        {
            Array.ForEach(senders, sender => sender.Send(more));
            each += more;
        }
    }
}
