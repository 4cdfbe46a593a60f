using System.Collections.Immutable;
using SensorGateway.Rules.Model;

namespace SensorGateway.Rules.Testing;

/// <summary>One entry of a test file: payloads, and which rules they must and must not match.</summary>
public sealed record RuleTest
{
    /// <summary>What the author calls it; its place in the file where they gave no name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required SourcePosition Position { get; init; }

    /// <summary>The payload as written; default when it is in a file.</summary>
    public ImmutableArray<byte> Payload { get; init; }

    /// <summary>File with the payloads, absolute; null when it is written here.</summary>
    public string? PayloadFile { get; init; }

    /// <summary>Rules that must match each payload.</summary>
    public ImmutableArray<ExpectedRule> Match { get; init; } = [];

    /// <summary>Rules that must match none.</summary>
    public ImmutableArray<ExpectedRule> Clean { get; init; } = [];

    /// <summary>The only rules that match each payload, all of them; null when others may match too.</summary>
    public ImmutableArray<ExpectedRule>? Exactly { get; init; }

    /// <summary>All rules it mentions.</summary>
    public IEnumerable<ExpectedRule> Mentioned => [.. Match, .. Clean, .. Exactly ?? []];
}

/// <summary>A rule or hash list by id, and where the author wrote it.</summary>
public readonly record struct ExpectedRule(string Id, SourcePosition Position);

/// <summary>The tests of all files: every problem of every file beside them.</summary>
public sealed record RuleTestLoadResult(ImmutableArray<RuleTest> Tests, ImmutableArray<RuleProblem> Problems);
