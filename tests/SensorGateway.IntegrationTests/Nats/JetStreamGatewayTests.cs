using System.Text;
using SensorGateway.IntegrationTests.Gateway;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing;
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

    [Theory]
    [InlineData(NatsDelivery.JetStream)]
    [InlineData(NatsDelivery.Fenced)]
    [InlineData(NatsDelivery.Core)]
    public void Alerts_OnASubjectTheUserMayNotUse_AreCountedAsDropped(NatsDelivery delivery)
    {
        const int Count = 500;
        using var server = NatsServerProcess.Start(new NatsServerSetup
        {
            JetStream = true,
            Configuration = "authorization { users: [ { user: edge, password: p, permissions: { publish: { deny: [\"alerts.>\"] } } } ] }\n",
        });
        var options = TestOptions.For(server.Endpoint);
        using var gateway = new GatewayHarness(options with
        {
            Nats = options.Nats with { Delivery = delivery, User = "edge", Password = "p" },
        });
        using var sensor = gateway.Sender();
        sensor.SendPaced(Count, perSecond: 5000);

        var now = gateway.Until(
            static now => now.AlertsAddUp && now.AlertsDropped[AlertDropReason.SubjectForbidden] == Count, "all counted");
        Assert.Equal((0, 0, 0), (now.AlertsConfirmed, now.AlertsSentUnconfirmed, now.AlertsUnconfirmed));
        Assert.Contains(now.Connections, static connection => connection.RefusedSubjects.Any(
            static refused => refused.Subject.StartsWith("alerts.", StringComparison.Ordinal)));
        Assert.InRange(
            gateway.Log.Lines.Count(static line => line.Contains("the server refused a message", StringComparison.Ordinal)), 1, 10);
    }
}
