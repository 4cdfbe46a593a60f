namespace SensorGateway.IntegrationTests.Sources;

/// <summary>Tests that measure or change the whole process; nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "alone in the process";
}
