using System.Text;
using SensorGateway.IntegrationTests.Gateway;
using SensorGateway.Nats;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class JetStreamGatewayTests
{
    [Fact]
    public void Alerts_ToAStream_AreStoredOnceUnderTheirOwnIds()
    {
        const int Count = 3000;
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var admin = new StreamAdmin(server.Endpoint);
        admin.Create("ALERTS");
        var options = TestOptions.For(server.Endpoint);
        options = options with
        {
            Nats = options.Nats with { Delivery = NatsDelivery.JetStream, ExpectedStream = "ALERTS" },
        };
        using var gateway = new GatewayHarness(options);
        using var sensor = gateway.Sender();
        sensor.SendPaced(Count, perSecond: 5000);

        var now = gateway.UntilSettled(Count);
        Assert.Equal(Count, now.AlertsConfirmed);
        Assert.Equal(Count, admin.Count("ALERTS"));
        var (headers, data) = admin.Message("ALERTS", sequence: Count / 2);
        using var alert = System.Text.Json.JsonDocument.Parse(data);
        var id = alert.RootElement.GetProperty("id").GetString();
        Assert.Contains($"\r\nNats-Msg-Id: {id}\r\n", Encoding.UTF8.GetString(headers), StringComparison.Ordinal);
        Assert.Contains("\r\nNats-Expected-Stream: ALERTS\r\n", Encoding.UTF8.GetString(headers), StringComparison.Ordinal);
    }
}
