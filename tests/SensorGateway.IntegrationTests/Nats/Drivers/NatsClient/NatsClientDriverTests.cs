using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing.Drivers;

namespace SensorGateway.IntegrationTests.Nats.Drivers.NatsClient;

/// <summary>NATS.Client.Core behind the seam.</summary>
public sealed class NatsClientDriverTests() : DriverContract(PublishDriver.NatsClient)
{
    [Theory]
    [InlineData("jetstream")]
    [InlineData("tls")]
    [InlineData("nkey")]
    public void Create_ForWhatItCannotDo_SaysSo(string what)
    {
        var plain = new NatsOptions { Servers = [new NatsEndpoint("127.0.0.1", 4222)] };
        var options = what switch
        {
            "jetstream" => plain with { Delivery = NatsDelivery.JetStream },
            "tls" => plain with { Tls = new NatsTlsOptions { Mode = NatsTlsMode.Require } },
            _ => plain with { NkeyFile = "gateway.nk" },
        };

        var refusal = Assert.Throws<NotSupportedException>(() => PublishDrivers.Create(
            PublishDriver.NatsClient, options, 0, static () => { }, NullLogger.Instance));

        Assert.Contains("use", refusal.Message);
        Assert.Contains("the driver wire", refusal.Message);
    }
}
