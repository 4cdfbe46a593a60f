using System.Text;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Gateway;

namespace SensorGateway.Benchmarks.Detection.Stages;

/// <summary>Rules and payloads that lead straight to one stage of detection.</summary>
internal static class StageRules
{
    private const string Log =
        "2026-11-20T18:00:00.123Z edge-0042 proxy[311]: GET /api/v1/items?page=7 HTTP/1.1 200 1432 upstream=10.1.2.3:8080 rt=0.004 cache=hit ";

    /// <summary>A hundred literals; none is in <see cref="Clean"/>.</summary>
    public static RuleSet Literals { get; } =
        TestRules.Set(Enumerable.Range(0, 100).Select(i => TestRules.Literal($"lit.{i:D3}", $"evil-host-{i:D3}.example")));

    /// <summary>Patterns without a literal that must occur: only an automaton can tell.</summary>
    public static RuleSet Automata { get; } = TestRules.Set(
        TestRules.Regex("dfa.card", "[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}[ -][0-9]{4}"),
        TestRules.Regex("dfa.hex", "[a-f0-9]{40}"),
        TestRules.Regex("dfa.word", "[A-Z]{3,8}_[A-Z]{3,8}_[0-9]+"));

    /// <summary>A pattern with a back reference behind a literal: only a regex can confirm it.</summary>
    public static RuleSet Confirmed { get; } = TestRules.Set(TestRules.Regex("regex.echo", "upstream=([0-9.]+):[0-9]+ .*via=\\1 "));

    /// <summary>256 bytes of a proxy's log, nothing to find.</summary>
    public static byte[] Clean { get; } = Encoding.ASCII.GetBytes((Log + Log)[..256]);

    /// <summary>The same with what <see cref="Confirmed"/> looks for.</summary>
    public static byte[] Echo { get; } = Encoding.ASCII.GetBytes(Log + "via=10.1.2.3 ");

    /// <summary>A detector of these rules without a cache, its regexes compiled.</summary>
    public static Detector DetectorOf(RuleSet rules, int cacheEntries = 0)
    {
        var options = new DetectionOptions { CacheEntries = cacheEntries };
        var program = RuleProgram.Build(rules, options);
        var detector = new Detector(program, options);

        // The first round shows which regexes run, the second what they match; then they are compiled.
        for (var round = 0; round < 3; round++)
        {
            detector.Inspect(Clean);
            detector.Inspect(Echo);
            program.TuneRegexes(1);
        }

        return detector;
    }

    /// <summary>A benchmark that finds the wrong thing measures nothing.</summary>
    public static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"the benchmark checks its own answer, and it is wrong: {what}");
        }
    }
}
