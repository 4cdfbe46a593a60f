using SensorGateway.Pipeline.Detection.Suppressing;

namespace SensorGateway.Pipeline.Detection.Workers;

/// <summary>
/// All that one worker needs for a generation of rules, made off the path, so that the worker only swaps references.
/// </summary>
/// <remarks>Owner: whoever makes it, then the worker that uses it.</remarks>
internal sealed class WorkerRules(PreparedRules rules)
{
    /// <summary>The generation.</summary>
    public RuleProgram Program => Rules.Program;

    /// <summary>What the detector works with.</summary>
    public PreparedRules Rules { get; } = rules;

    /// <summary>What alerts say about the rules.</summary>
    public RuleAlerts Texts { get; } = RuleAlerts.For(rules.Program);

    /// <summary>Which rules are held back.</summary>
    public SuppressionPlan Suppression { get; } = SuppressionPlan.For(rules.Program);

    /// <summary>Scratch for the order of an alert's rules.</summary>
    public int[] Order { get; } = new int[rules.Program.Reported.Length];
}
