using System.Collections.Immutable;
using SensorGateway.Rules;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection;

/// <summary>Runs the examples that authors gave their rules through the engine that payloads meet.</summary>
public static class ExampleRunner
{
    /// <summary>Runs every example of every rule, in the order of the rules. Off the path only.</summary>
    /// <param name="program">The generation to prove.</param>
    /// <param name="options">The options it was built with.</param>
    public static ImmutableArray<ExampleResult> Run(RuleProgram program, DetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(options);
        var detector = new Detector(program, options with { CacheEntries = 0 });
        var results = ImmutableArray.CreateBuilder<ExampleResult>();
        for (var i = 0; i < program.Rules.Rules.Length; i++)
        {
            var rule = program.Rules.Rules[i];
            for (var n = 0; n < rule.Examples.Match.Length; n++)
            {
                results.Add(RunOne(detector, i, ExampleKind.Match, n));
            }

            for (var n = 0; n < rule.Examples.Clean.Length; n++)
            {
                results.Add(RunOne(detector, i, ExampleKind.Clean, n));
            }
        }

        return results.ToImmutable();
    }

    /// <summary>The examples that do not hold; empty when the rules do what their authors say.</summary>
    public static ImmutableArray<ExampleResult> Failures(RuleProgram program, DetectionOptions options) =>
        [.. Run(program, options).Where(static result => !result.Passed)];

    private static ExampleResult RunOne(Detector detector, int index, ExampleKind kind, int number)
    {
        var rule = detector.Program.Rules.Rules[index];
        var isMatch = kind == ExampleKind.Match;
        var payload = (isMatch ? rule.Examples.Match : rule.Examples.Clean)[number];
        var positions = isMatch ? rule.Examples.MatchPositions : rule.Examples.CleanPositions;
        var undecided = Undecided(detector);
        var verdict = detector.Inspect(payload.AsSpan());
        var matched = ImmutableArray.CreateBuilder<string>(verdict.Rules.Length);
        foreach (var match in verdict.Rules)
        {
            matched.Add(detector.Program.Reported[match].Id);
        }

        return new ExampleResult
        {
            RuleId = rule.Id,
            Kind = kind,
            Index = number,
            Position = number < positions.Length ? positions[number] : rule.Position,
            MatchedRules = matched.ToImmutable(),
            RanOutOfTime = Undecided(detector) != undecided,
        };
    }

    private static long Undecided(Detector detector) =>
        detector.Counters.Timeouts + detector.Counters.QuarantineSkips;
}

/// <summary>What an author says of an example.</summary>
public enum ExampleKind
{
    /// <summary>The rule must match it.</summary>
    Match,

    /// <summary>The rule must not match it; other rules may.</summary>
    Clean,
}

/// <summary>What the engine made of one example.</summary>
public sealed record ExampleResult
{
    /// <summary>Whose example it is.</summary>
    public required string RuleId { get; init; }

    /// <summary>What the author says of it.</summary>
    public required ExampleKind Kind { get; init; }

    /// <summary>Its place in the rule's list of this kind, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Where it stands; the rule's own place where that is not known.</summary>
    public required SourcePosition Position { get; init; }

    /// <summary>Ids of all rules and hash lists that matched, in ordinal order of the rules.</summary>
    public required ImmutableArray<string> MatchedRules { get; init; }

    /// <summary>True when some regex ran out of time, so that its term counted as not matching.</summary>
    public required bool RanOutOfTime { get; init; }

    /// <summary>True when the engine agrees with the author.</summary>
    public bool Passed => MatchedRules.Contains(RuleId) == (Kind == ExampleKind.Match);

    /// <summary>What to tell the author of an example that did not pass.</summary>
    public RuleProblem ToProblem() => Kind == ExampleKind.Match
        ? new RuleProblem(
            Position,
            $"rule '{RuleId}' does not match this example{(RanOutOfTime ? ", because a regex ran out of time" : "")}",
            "correct the rule or the example")
        : new RuleProblem(
            Position, $"rule '{RuleId}' matches this example, which is listed as clean",
            "narrow the rule, or list the example under match");
}
