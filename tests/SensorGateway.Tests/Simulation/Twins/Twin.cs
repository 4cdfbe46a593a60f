using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Tests.Simulation.Twins;

/// <summary>A gateway that is broken on purpose in one place; this one is sound.</summary>
internal class Twin
{
    /// <summary>Nothing is broken.</summary>
    public static Twin Sound { get; } = new();

    /// <summary>A connection as publishing shall see it.</summary>
    public virtual IPublishConnection Wrap(IPublishConnection connection) => connection;
}
