using Microsoft.Extensions.Logging;
using SensorGateway.Nats;

namespace SensorGateway.Pipeline.Publishing.Drivers;

/// <summary>Makes connections of the chosen driver, and says which there are in this build.</summary>
public static class PublishDrivers
{
    /// <summary>Whether this build has the driver.</summary>
    public static bool Has(PublishDriver driver) => driver == PublishDriver.Wire || UpstreamPackages.AreBuiltIn;

    /// <summary>Prepares one connection of the pool; it dials from its Start on.</summary>
    /// <param name="driver">One that this build has.</param>
    /// <param name="options">How to reach NATS.</param>
    /// <param name="index">Number in the pool.</param>
    /// <param name="attend">Called from any thread when the connection wants to be flushed; must not block.</param>
    /// <param name="log">For changes of state.</param>
    /// <exception cref="NotSupportedException">This build does not have it, or it cannot do what the options ask.</exception>
    public static IPublishConnection Create(
        PublishDriver driver, NatsOptions options, int index, Action attend, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (driver == PublishDriver.Wire)
        {
            return new WireConnection(new NatsConnection(options, index, attend, log), index, options.Delivery);
        }

#if UPSTREAM_PACKAGES
        return new NatsClient.NatsClientConnection(options, index, attend, log);
#else
        throw new NotSupportedException($"the driver nats-client is not in this build; {UpstreamPackages.HowToGet}");
#endif
    }
}
