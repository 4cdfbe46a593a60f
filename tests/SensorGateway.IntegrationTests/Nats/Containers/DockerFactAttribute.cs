using SensorGateway.TestKit.Nats.Containers;

namespace SensorGateway.IntegrationTests.Nats.Containers;

/// <summary>A test that needs containers; where Docker does not answer it is left out, with the reason printed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DockerFactAttribute : FactAttribute
{
    /// <summary>Asks Docker.</summary>
    public DockerFactAttribute() => Skip = Docker.WhyNot;
}
