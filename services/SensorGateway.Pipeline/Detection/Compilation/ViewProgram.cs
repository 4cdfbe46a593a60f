using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>What all terms of one chain of transforms are looked for with. Immutable; shared by all workers.</summary>
internal sealed class ViewProgram
{
    /// <summary>Where its bytes come from in the tree of views; 0 is the payload as it came.</summary>
    public required int Node { get; init; }

    /// <summary>The transforms.</summary>
    public required TransformChain Chain { get; init; }

    /// <summary>Its regex terms.</summary>
    public required RegexPlan[] Plans { get; init; }

    /// <summary>Those of them that run on every payload.</summary>
    public required PlanGroup[] Groups { get; init; }

    /// <summary>Its literals.</summary>
    public required LiteralTable Literals { get; init; }

    /// <summary>What finding each of them means.</summary>
    public required LiteralActions Actions { get; init; }

    /// <summary>Finds them.</summary>
    public required LiteralScanner Scanner { get; init; }
}
