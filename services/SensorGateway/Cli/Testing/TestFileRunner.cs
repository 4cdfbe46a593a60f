using System.Collections.Immutable;
using SensorGateway.Cli.Payloads;
using SensorGateway.Configuration;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules;
using SensorGateway.Rules.Testing;

namespace SensorGateway.Cli.Testing;

/// <summary>Runs the tests of test files through the engine that payloads meet.</summary>
internal sealed class TestFileRunner(RuleProgram program, DetectionOptions options)
{
    private const int ListedMax = 10; // Problems of one test; a file of payloads may hold thousands.

    private readonly Detector _detector = new(program, options with { CacheEntries = 0 });

    /// <summary>Runs one test.</summary>
    public TestCase Run(RuleTest test)
    {
        var problems = ImmutableArray.CreateBuilder<RuleProblem>();
        var payloads = PayloadsOf(test, problems);
        for (var i = 0; i < payloads.Count && problems.Count < ListedMax; i++)
        {
            var where = test.PayloadFile is null ? "this payload" : $"payload #{i} of {Path.GetFileName(test.PayloadFile)}";
            Compare(test, where, Matched(payloads[i]), problems);
        }

        return new TestCase("tests", test.Name, test.Position, problems.ToImmutable());
    }

    private static void Compare(
        RuleTest test, string where, HashSet<string> matched, ImmutableArray<RuleProblem>.Builder problems)
    {
        const string fix = "correct the rule or the test";
        foreach (var missing in test.Match.Concat(test.Exactly ?? []).Where(rule => !matched.Contains(rule.Id)))
        {
            problems.Add(new RuleProblem(missing.Position, $"rule '{missing.Id}' does not match {where}", fix));
        }

        foreach (var present in test.Clean.Where(rule => matched.Contains(rule.Id)))
        {
            problems.Add(new RuleProblem(present.Position, $"rule '{present.Id}' matches {where}", fix));
        }

        if (test.Exactly is { } exactly)
        {
            foreach (var other in matched.Except(exactly.Select(rule => rule.Id)).Order(StringComparer.Ordinal))
            {
                problems.Add(new RuleProblem(test.Position, $"rule '{other}' matches {where} too", fix));
            }
        }
    }

    private static List<byte[]> PayloadsOf(RuleTest test, ImmutableArray<RuleProblem>.Builder problems)
    {
        if (test.PayloadFile is null)
        {
            return [[.. test.Payload]];
        }

        try
        {
            return PayloadFile.ReadAll(test.PayloadFile, null);
        }
        catch (CommandException broken)
        {
            problems.Add(new RuleProblem(test.Position, Printable.Whole(broken.Message.TrimEnd('.')), "correct 'file'"));
            return [];
        }
    }

    private HashSet<string> Matched(byte[] payload)
    {
        var matched = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in _detector.Inspect(payload).Rules)
        {
            matched.Add(program.Reported[rule].Id);
        }

        return matched;
    }
}
