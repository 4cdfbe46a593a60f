using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace SensorGateway.Tests.Architecture;

/// <summary>References between our assemblies point one way.</summary>
public sealed class AssemblyReferenceTests
{
    [Theory]
    [InlineData("SensorGateway.Rules")]
    [InlineData("SensorGateway.Nats")]
    [InlineData("SensorGateway.Pipeline", "SensorGateway.Nats", "SensorGateway.Rules")]
    [InlineData("sensor-gateway", "SensorGateway.Nats", "SensorGateway.Pipeline", "SensorGateway.Rules")]
    public void Assembly_RefersOnlyToItsAllowedNeighbours(string name, params string[] allowed)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var ours = metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(reference => reference.StartsWith("SensorGateway", StringComparison.Ordinal));

        Assert.Empty(ours.Except(allowed));
    }
}
