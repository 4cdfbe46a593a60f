using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing.Drivers;

namespace SensorGateway.IntegrationTests.Nats.Drivers.NatsClient;

/// <summary>NATS.Client.Core behind the seam.</summary>
public sealed class NatsClientDriverTests() : DriverContract(PublishDriver.NatsClient)
{
    [Fact]
    public void Create_ForDeliveryToAStream_SaysWhatToUse()
    {
        var options = new NatsOptions
        {
            Servers = [new NatsEndpoint("127.0.0.1", 4222)],
            Delivery = NatsDelivery.JetStream,
        };

        var refusal = Assert.Throws<NotSupportedException>(() => PublishDrivers.Create(
            PublishDriver.NatsClient, options, 0, static () => { }, NullLogger.Instance));

        Assert.Contains("use core, fenced or the driver wire", refusal.Message);
    }
}

/// <summary>NATS.Client.Core under TLS.</summary>
[SupportedOSPlatform("linux")]
public sealed class NatsClientDriverTlsTests() : DriverTlsContract(PublishDriver.NatsClient);

/// <summary>NATS.Client.Core with keys.</summary>
[SupportedOSPlatform("linux")]
public sealed class NatsClientDriverKeyTests() : DriverKeyContract(PublishDriver.NatsClient);
