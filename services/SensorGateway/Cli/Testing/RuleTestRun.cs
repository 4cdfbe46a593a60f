using System.Collections.Immutable;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Testing;

namespace SensorGateway.Cli.Testing;

/// <summary>Runs everything that authors say of their rules, and finds what they do not say.</summary>
internal static class RuleTestRun
{
    /// <summary>Runs the examples in the rules, then the tests.</summary>
    public static (ImmutableArray<TestCase> Cases, TestCoverage Coverage) Run(
        RuleSet rules, IReadOnlyList<RuleTest> tests, DetectionOptions options)
    {
        var program = RuleProgram.Build(rules, options);
        var examples = ExampleRunner.Run(program, options);
        var runner = new TestFileRunner(program, options);
        ImmutableArray<TestCase> cases = [.. examples.Select(ToCase), .. tests.Select(runner.Run)];
        return (cases, CoverageOf(rules, tests, examples));
    }

    private static TestCase ToCase(ExampleResult example)
    {
        var kind = example.Kind == ExampleKind.Match ? "match" : "clean";
        return new TestCase(
            example.RuleId, $"{kind} example {example.Index + 1}", example.Position,
            example.Passed ? [] : [example.ToProblem()]);
    }

    private static TestCoverage CoverageOf(
        RuleSet rules, IReadOnlyList<RuleTest> tests, ImmutableArray<ExampleResult> examples)
    {
        var matched = tests.SelectMany(test => test.Match.Concat(test.Exactly ?? [])).Select(rule => rule.Id)
            .ToHashSet(StringComparer.Ordinal);
        var clean = tests.SelectMany(test => test.Clean).Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        string[] without = [.. rules.Rules
            .Where(rule => rule.Examples.Match.IsEmpty && !matched.Contains(rule.Id)).Select(rule => rule.Id)];
        string[] withoutClean = [.. rules.Rules
            .Where(rule => rule.Examples.Clean.IsEmpty && !clean.Contains(rule.Id)).Select(rule => rule.Id)];
        var overlaps = examples
            .Where(example => example.Kind == ExampleKind.Match && example.Passed && example.MatchedRules.Length > 1)
            .Select(example => new TestOverlap(
                example.Position.File, example.Position.Line, example.Position.Column, example.RuleId,
                [.. example.MatchedRules.Where(rule => rule != example.RuleId).Order(StringComparer.Ordinal)]));
        return new TestCoverage(
            rules.Rules.Length, rules.Rules.Length - without.Length, without, withoutClean, [.. overlaps]);
    }
}
