using System.Security.Cryptography;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Tracing;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Detection.Transforms;
using static SensorGateway.Tests.Detection.RuleSamples;

namespace SensorGateway.Tests.Detection.Tracing;

public sealed class RuleTracerTests
{
    private static readonly TransformChain Url = new(TransformStep.UrlDecode);

    public static TheoryData<string, string, DetectionStage, TraceOutcome, bool, bool, string?, int> Cases => new()
    {
        // Rule, payload, stage, outcome, match, near miss, literal, where.
        { "literal", "a needle", DetectionStage.Literal, TraceOutcome.Met, true, false, "needle", 2 },
        { "literal", "hay", DetectionStage.Literal, TraceOutcome.Absent, false, false, null, 0 },
        { "exact", "x zebra7 zebra", DetectionStage.Dfa, TraceOutcome.Met, true, false, "zebra", 2 },
        { "exact", "zebra", DetectionStage.Dfa, TraceOutcome.AutomatonRefused, false, true, "zebra", 0 },
        { "exact", "hay", DetectionStage.Literal, TraceOutcome.Absent, false, false, null, 0 },
        { "guarded", "quokka=7", DetectionStage.Literal, TraceOutcome.GuardAbsent, false, true, "quokka=", 0 },
        { "guarded", "quokka=7 xylem", DetectionStage.Dfa, TraceOutcome.Met, true, false, "quokka=", 0 },
        { "look", "zzz wombat", DetectionStage.Regex, TraceOutcome.RegexRefused, false, true, "wombat", 4 },
        { "look", "zz!wombat", DetectionStage.Regex, TraceOutcome.Met, true, false, "wombat", 3 },
        { "always", "hay", DetectionStage.Dfa, TraceOutcome.AutomatonRefused, false, false, null, 0 },
        { "always", "a1b2", DetectionStage.Dfa, TraceOutcome.Met, true, false, null, 0 },
        { "late", "hay kiwifruit", DetectionStage.Literal, TraceOutcome.AutomatonRefused, false, true, "kiwifruit", 4 },
        { "both", "one", DetectionStage.Literal, TraceOutcome.Met, false, true, "one", 0 },
        { "both", "one two", DetectionStage.Literal, TraceOutcome.Met, true, false, "one", 0 },
        { "both", "one two three", DetectionStage.Literal, TraceOutcome.Met, false, true, "one", 0 },
        { "url", "q=%3Cscript", DetectionStage.Dfa, TraceOutcome.AutomatonRefused, false, true, "<script", 2 },
        { "url", "q=%3Cscript%3e", DetectionStage.Dfa, TraceOutcome.Met, true, false, "<script", 2 },
        { "digest", "known", DetectionStage.Hash, TraceOutcome.Met, true, false, null, 0 },
        { "digest", "other", DetectionStage.Hash, TraceOutcome.Absent, false, false, null, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trace_OfOneRule_TellsTheStageAndHowFarItCame(
        string rule, string payload, DetectionStage stage, TraceOutcome outcome, bool match, bool near, string? literal, int at)
    {
        MatchNode match1 = rule switch
        {
            "literal" => Literal("needle"),
            "exact" => Regex("zebra\\d"),
            "guarded" => Regex("quokka=\\d", default, Literal("xylem")),
            "look" => Regex("(?<=!)wombat"),
            "always" => Regex("[a-f]\\d[a-f]\\d"),
            "late" => Regex("^kiwifruit"),
            "both" => new AllNode([Literal("one"), Literal("two"), new NotNode(Literal("three"))]),
            "url" => Regex("<script[\\s>]") with { Chain = Url },
            _ => new DigestTerm([[.. SHA256.HashData("known"u8)]]),
        };
        var options = new DetectionOptions();
        var program = RuleProgram.Build(Set((rule, match1)), options);

        var trace = Assert.Single(new RuleTracer(program, options).Trace(Payload(payload)).Rules);

        Assert.Equal((stage, outcome, match, near, literal, at), (trace.Stage, trace.Outcome, trace.IsMatch, trace.IsNearMiss, trace.Literal, trace.LiteralOffset));
        Assert.Equal(rule == "url" ? "url-decode" : "", trace.Transform);
    }

    [Fact]
    public void Trace_OfARegexThatDoesNotEnd_IsUndecidedAndEarnsTheRuleNoStrike()
    {
        var options = new DetectionOptions { MatchTimeout = TimeSpan.FromMilliseconds(1) };
        var program = RuleProgram.Build(Set(("slow", Regex("^(?=(a|aa)+$)"))), options);
        var tracer = new RuleTracer(program, options);
        for (var run = 0; run < 12; run++)
        {
            var trace = Assert.Single(tracer.Trace(Payload(new string('a', 60) + "!")).Rules);
            Assert.Equal((TraceOutcome.Undecided, false, true), (trace.Outcome, trace.IsMatch, trace.IsNearMiss));
        }

        Assert.Empty(program.QuarantinedRules());
    }

    [Fact]
    public void Trace_OfAllStages_ListsEachThatRan()
    {
        var list = new HashList("feed", SHA256.HashData("zz!wombat"u8), null);
        var rules = Set(("a", Regex("(?<=!)wombat")), ("b", Literal("x") with { Chain = Url })) with { HashLists = [list] };
        var options = new DetectionOptions();
        var trace = new RuleTracer(RuleProgram.Build(rules, options), options).Trace("zz!wombat"u8);

        Assert.Equal(
            ["scan  1", "automata  1", "regex  1", "transform url-decode 1", "scan url-decode 1", "hash  1"],
            trace.Stages.Select(stage => $"{stage.Name} {stage.View} {stage.Runs}"));
        Assert.Equal(trace.Stages.Sum(stage => stage.Nanoseconds), trace.Nanoseconds);
        Assert.Equal([true, false, true], trace.Rules.Select(rule => rule.IsMatch));
    }

    [Theory]
    [InlineData(31, 1, 1 << 20)]
    [InlineData(32, 25, 1 << 20)]
    [InlineData(33, 40, 3_000)]
    public void Trace_OfRandomRules_MatchesWhatTheEngineAndThePlainLoopMatch(int seed, int rulesPerSet, int automatonBytesMax)
    {
        var random = new RandomPatterns(seed);
        var payloads = new TransformPayloads(seed);
        var options = new DetectionOptions { MatchTimeout = TimeSpan.FromSeconds(1), CacheEntries = 0, AutomatonBytesMax = automatonBytesMax };
        var matched = 0;
        for (var round = 0; round < 300 / (rulesPerSet + 4); round++)
        {
            var rules = Set([.. Enumerable.Range(0, rulesPerSet).Select(i => ($"r{i:D3}", Tree(random)))]);
            var loop = new PlainLoop(rules);
            var program = RuleProgram.Build(rules, options);
            var detector = new Detector(program, options);
            var tracer = new RuleTracer(program, options);
            for (var i = 0; i < 40; i++)
            {
                var payload = i % 2 == 0 ? payloads.Next(i * 3) : random.Payload(i);
                if (loop.Matches(payload) is not { } expected)
                {
                    break;
                }

                var found = detector.Inspect(payload).Rules.ToArray();
                var traced = tracer.Trace(payload).Rules;
                matched += expected.Length;
                Assert.Equal(expected, found);
                Assert.Equal(expected, traced.Where(rule => rule.IsMatch).Select(rule => rule.Rule));
                Assert.DoesNotContain(traced, rule => rule.IsMatch && (rule.IsNearMiss || rule.Outcome != TraceOutcome.Met));
            }
        }

        Assert.True(matched > 100, $"only {matched} matches");
    }

    [Theory]
    [InlineData("GET /", "GET /")]
    [InlineData("a\\b\r\n\x1b\xff", @"a\x5cb\x0d\x0a\x1b\xff")]
    public void LiteralText_OfBytes_IsWhatARuleFileWouldSay(string bytes, string expected) =>
        Assert.Equal(expected, LiteralText.Of(Payload(bytes)));

    [Fact]
    public void LiteralText_OfManyBytes_IsCut() => Assert.Equal("abc...", LiteralText.Of("abcdef"u8, 3));

    private static MatchNode Tree(RandomPatterns random) => random.Below(5) switch
    {
        0 => new LiteralTerm([.. random.Payload(1 + random.Below(3))], random.Below(2) == 0) { Chain = Chain(random) },
        1 => new AnyNode([random.Next(plain: false), random.Next(plain: true) with { Chain = Chain(random) }]),
        2 => new AllNode([random.Next(plain: true), new NotNode(random.Next(plain: false) with { Chain = Chain(random) })]),
        _ => random.Next(plain: random.Below(2) == 0),
    };

    private static TransformChain Chain(RandomPatterns random) =>
        random.Below(2) == 0 ? TransformChain.None : new((TransformStep)random.Below(TransformChain.StepNames.Length));
}
