using SensorGateway.Rules.Model;

namespace SensorGateway.Rules;

/// <summary>A fault in a rule or hash file; reads like a compiler error.</summary>
public sealed record RuleProblem(SourcePosition Position, string Problem, string Fix)
{
    /// <summary>What is wrong and what to do, without the place.</summary>
    public string Message => $"{Problem}; {Fix}{(Fix.EndsWith('?') ? "" : ".")}";

    /// <inheritdoc/>
    public override string ToString() => $"{Position}: {Message}";
}
