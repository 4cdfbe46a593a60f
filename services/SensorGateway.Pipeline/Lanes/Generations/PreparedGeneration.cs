using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Workers;

namespace SensorGateway.Pipeline.Lanes.Generations;

/// <summary>A generation of rules that is ready to work in one gateway: compiled, warmed, and allocated for each worker.</summary>
public sealed class PreparedGeneration
{
    internal PreparedGeneration(RuleProgram program, WorkerRules[] workers)
    {
        Program = program;
        Workers = workers;
    }

    /// <summary>The generation.</summary>
    public RuleProgram Program { get; }

    internal WorkerRules[] Workers { get; }
}
