using SensorGateway.Rules.Model;

namespace SensorGateway.Rules;

/// <summary>A fault in a rule or hash file; reads like a compiler error.</summary>
public sealed record RuleProblem(SourcePosition Position, string Problem, string Fix)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Position}: {Problem}; {Fix}{(Fix.EndsWith('?') ? "" : ".")}";
}
