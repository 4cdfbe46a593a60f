using System.Collections.Immutable;
using SensorGateway.Rules;
using SensorGateway.Rules.Model;

namespace SensorGateway.Cli.Testing;

/// <summary>One thing that was tried.</summary>
/// <param name="Group">The rule of an example, or <c>tests</c>.</param>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Position">Where it stands.</param>
/// <param name="Problems">What did not hold; empty when it passed.</param>
internal sealed record TestCase(
    string Group, string Name, SourcePosition Position, ImmutableArray<RuleProblem> Problems);
