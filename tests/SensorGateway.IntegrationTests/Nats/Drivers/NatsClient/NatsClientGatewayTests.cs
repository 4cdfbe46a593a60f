using System.Runtime.Versioning;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Verdicts;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Publishing.Drivers;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats.Drivers.NatsClient;

/// <summary>A whole gateway on the upstream driver and cache.</summary>
[SupportedOSPlatform("linux")]
public sealed class NatsClientGatewayTests
{
    [Fact]
    public void Gateway_CutWhileSending_DeliversEverythingInOrder()
    {
        const int Count = 20_000;
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(TestOptions.For(proxy.Endpoint) with
        {
            Publishing = new PublishingOptions { Driver = PublishDriver.NatsClient },
            Detection = new DetectionOptions { CacheKind = VerdictCacheKind.BitFaster },
        });
        gateway.UntilConnected();
        var sender = gateway.Sender(0);
        for (var part = 0; part < 4; part++)
        {
            sender.Send(Count / 4);
            proxy.CutAll();
        }

        var now = gateway.UntilSettled(Count);

        Assert.True(alerts.WaitFor(Count), alerts.Figures(Count));
        Assert.Equal(0, alerts.Reordered);
        Assert.Equal(Count, now.Alerted);
        Assert.Equal(Count, now.Connections.Sum(static connection => connection.Confirmed));
    }
}
