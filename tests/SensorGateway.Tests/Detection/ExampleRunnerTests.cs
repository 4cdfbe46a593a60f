using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Rules.Loading;

namespace SensorGateway.Tests.Detection;

public sealed class ExampleRunnerTests
{
    private const string TwoRules = """
        rules:
          - id: a.script
            match: { regex: '(?i)<script' }
            examples:
              match: ['<SCRIPT>', 'x\x00<script >']
              clean:
                - subscription
          - id: b.angle
            match: { literal: '<' }
            examples:
              match: ['<p>', 'none here']
              clean: ['a<b']
        """;

    [Fact]
    public void Failures_OfRulesThatKeepTheirWord_AreNone()
    {
        var program = Build(TwoRules.Replace(", 'none here'", "", StringComparison.Ordinal)
            .Replace("a<b", "a b", StringComparison.Ordinal));

        Assert.Empty(ExampleRunner.Failures(program, new DetectionOptions()));
    }

    [Fact]
    public void Failures_NameRuleKindPlaceAndWhatMatched()
    {
        var failures = ExampleRunner.Failures(Build(TwoRules), new DetectionOptions());

        Assert.Collection(
            failures,
            missed =>
            {
                Assert.Equal(("b.angle", ExampleKind.Match, 1), (missed.RuleId, missed.Kind, missed.Index));
                Assert.Empty(missed.MatchedRules);
                Assert.Equal(
                    "r.yaml:11:23: rule 'b.angle' does not match this example; correct the rule or the example.",
                    missed.ToProblem().ToString());
            },
            hit =>
            {
                Assert.Equal(("b.angle", ExampleKind.Clean, 0), (hit.RuleId, hit.Kind, hit.Index));
                Assert.Equal(["b.angle"], hit.MatchedRules.ToArray());
                Assert.Equal(
                    "r.yaml:12:16: rule 'b.angle' matches this example, which is listed as clean; narrow the rule, or "
                        + "list the example under match.",
                    hit.ToProblem().ToString());
            });
    }

    [Fact]
    public void Run_TellsWhichOtherRulesAnExampleHits()
    {
        var results = ExampleRunner.Run(Build(TwoRules), new DetectionOptions());

        Assert.Equal(6, results.Length);
        Assert.Equal(["a.script", "b.angle"], results[0].MatchedRules.ToArray());
        Assert.Equal("r.yaml:7:11", results[2].Position.ToString());
        Assert.All(results[..3], static result => Assert.True(result.Passed));
    }

    private static RuleProgram Build(string yaml)
    {
        var loaded = RuleFolder.LoadText(yaml);
        Assert.Empty(loaded.Problems.Select(static problem => problem.ToString()));
        return RuleProgram.Build(loaded.Rules!, new DetectionOptions());
    }
}
