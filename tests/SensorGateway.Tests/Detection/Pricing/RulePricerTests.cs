using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Pricing;
using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Pipeline.Detection.Tracing;
using SensorGateway.Rules.Model;
using static SensorGateway.Tests.Detection.RuleSamples;

namespace SensorGateway.Tests.Detection.Pricing;

/// <summary>No test here asserts a time, only what must hold whatever the machine does.</summary>
public sealed class RulePricerTests
{
    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void Measure_OfMixedRules_DividesTheWholeAndCountsOnePass()
    {
        var rules = Set(
            ("a", Literal("needle")),
            ("b", Regex("(?<=!)wombat")),
            ("c", Regex("[a-f]\\d[a-f]\\d")),
            ("d", new AllNode([Literal("needle"), new NotNode(Regex("zebra\\d"))])),
            ("e", Literal("<script") with { Chain = new(TransformStep.UrlDecode) })) with
        {
            HashLists = [new HashList("feed", new byte[32], null)],
        };
        byte[][] payloads =
            [Payload("a needle"), Payload("zz wombat"), Payload("!wombat a1b2"), Payload("needle zebra7"), Payload("%3Cscript"), Payload("hay")];

        var prices = Measure(rules, payloads);

        Assert.Equal((6, 6), (prices.Payloads, prices.PayloadsGiven));
        Assert.Equal(
            ["0 runs 0 regex 2 match", "2 runs 2 regex 1 match", "6 runs 0 regex 1 match", "1 runs 0 regex 1 match", "0 runs 0 regex 1 match", "0 runs 0 regex 0 match"],
            prices.Prices.Select(price => $"{price.Runs} runs {price.RegexRuns} regex {price.Matches} match"));
        Assert.All(prices.Prices, price => Assert.True(price.NsPerPayload >= 0 && price.Exploded is null));
        Assert.True(prices.NsPerPayload > 0);
        Assert.Equal(prices.NsPerPayload, prices.Prices.Sum(price => price.NsPerPayload), prices.NsPerPayload * 0.01 + 1);
        Assert.Equal(prices.DearestFirst.Select(price => price.NsPerPayload), prices.Prices.Select(price => price.NsPerPayload).OrderDescending());
    }

    [Fact]
    public void Measure_OfARuleThatExplodes_NamesItAndNotItsCompany()
    {
        var rules = Set(
            ("bad", Regex("[ab][ab-f]{12}[^a-z]")), ("fine1", Regex("[0-9][a-f][0-9]")), ("fine2", Regex("[g-k]\\d\\d[g-k]")));
        var random = new Random(5);
        var payloads = Enumerable.Range(0, 4)
            .Select(_ => Enumerable.Range(0, 20_000).Select(_ => (byte)"abcdefabx1"[random.Next(10)]).ToArray()).ToList();

        var prices = Measure(rules, payloads, new DetectionOptions { AutomatonBytesMax = 4_000 });

        Assert.Equal("slow lane", prices.Prices[0].Exploded);
        Assert.All(prices.Prices.Skip(1), price => Assert.True(price.Exploded is null or "own automaton", price.Exploded));
    }

    [Fact]
    public void Measure_OfARegexThatDoesNotEnd_ComesToAnEndAndQuarantinesNothing()
    {
        var options = new DetectionOptions { MatchTimeout = TimeSpan.FromMilliseconds(1) };
        var program = RuleProgram.Build(Set(("a", Literal("aaa")), ("slow", Regex("^(?=(a|aa)+$)"))), options);
        var payloads = Enumerable.Range(0, 50).Select(i => Payload(new string('a', 50 + i) + "!")).ToList();

        var prices = RulePricer.Measure(program, options, payloads, Time);

        Assert.Empty(program.QuarantinedRules());
        Assert.True(prices.Prices[1].RegexRuns > 0);
        Assert.Equal(1, prices.DearestFirst[0].Rule);
        Assert.Equal((RulePricer.PayloadsMin, RulePricer.PayloadsMin), (prices.Payloads, prices.Prices[0].Matches));
        Assert.Equal(0, prices.Prices[1].Matches);
    }

    [Fact]
    public void Measure_WithoutTime_MeasuresTheLeastAndSaysSo()
    {
        var payloads = Enumerable.Range(0, 1000).Select(i => Payload($"payload {i}")).ToList();

        var prices = Measure(Set(("a", Literal("payload"))), payloads, time: TimeSpan.FromTicks(1));

        Assert.Equal(RulePricer.PayloadsMin, prices.Payloads);
        Assert.Equal(1000, prices.PayloadsGiven);
        Assert.Equal(prices.Payloads, prices.Prices[0].Matches);
    }

    [Fact]
    public void Measure_OfNoRules_GivesNoPrices() => Assert.Empty(Measure(RuleSet.Empty, [Payload("x")]).Prices);

    [Fact]
    public void Measure_WithProgress_TellsSharesThatGrow()
    {
        var options = new DetectionOptions();
        var shares = new List<double>();
        RulePricer.Measure(RuleProgram.Build(Set(("a", Literal("x"))), options), options, [Payload("x"), Payload("y")], Time, shares.Add);

        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
    }

    [Fact]
    public void Facts_OfEachKindOfRule_GiveStageAndLiterals()
    {
        var rules = Set(
            ("a", Literal("Needle\n", noCase: true)),
            ("b", Regex("(?<=!)wombat", default)),
            ("c", Regex("[a-f]\\d[a-f]\\d")),
            ("d", new AnyNode([Literal("one"), Regex("(?:quokka|zebra)\\d") with { Chain = new(TransformStep.UrlDecode) }])),
            ("e", new AllNode([Literal("one"), Regex("[a-f]\\d[a-f]\\d")])),
            ("f", new DigestTerm([[.. new byte[32]]]))) with
        {
            HashLists = [new HashList("feed", new byte[32], null)],
        };

        var facts = RuleProgram.Build(rules, new DetectionOptions()).Facts.ToArray();

        Assert.Equal(
            [@"Literal needle\x0a ", "Regex wombat ", "Dfa  ", "Dfa one,quokka,zebra url-decode", "Dfa  ", "Hash  ", "Hash  "],
            facts.Select(each => $"{each.Stage} {string.Join(',', each.Literals)} {string.Join(' ', each.Transforms)}"));
    }

    [Fact]
    public void RunsOf_InARunningDetector_CountsWhatHadToBeConfirmed()
    {
        var options = new DetectionOptions { CacheEntries = 10 };
        var rules = Set(("a", Literal("needle")), ("b", Regex("zebra\\d")), ("c", Regex("[a-f]\\d[a-f]\\d")));
        var detector = new Detector(RuleProgram.Build(rules, options), options);
        foreach (var payload in new[] { "needle", "zebra", "zebra", "zebra7", "zebra", "hay" })
        {
            detector.Inspect(Payload(payload));
        }

        var matches = detector.Counters.Matches;
        // The third zebra. The first two come one after the other: no hash of another payload can take the first's place.
        Assert.Equal(1, detector.Counters.CacheHits);
        Assert.Equal([0, 3, 5], new[] { matches.RunsOf(0), matches.RunsOf(1), matches.RunsOf(2) });
        Assert.Equal([1, 1, 0], matches.Cells.ToArray());
    }

    [Fact]
    public void WarmUp_OfPreparedRules_LeavesNoRunsBehind()
    {
        var options = new DetectionOptions();
        var program = RuleProgram.Build(Set(("c", Regex("[a-f]\\d[a-f]\\d"))), options);
        var detector = new Detector(program, options);
        var prepared = new PreparedRules(program, options);
        prepared.WarmUp("a1b2"u8, rounds: 2);
        detector.Use(prepared);

        Assert.Equal(0, detector.Counters.Matches.RunsOf(0));
    }

    [Fact]
    public void Rehearsals_OfARegexThatDoesNotEnd_LeaveItItsStrikesForRealPayloads()
    {
        var options = new DetectionOptions { MatchTimeout = TimeSpan.FromMilliseconds(1), CacheEntries = 0 };
        var program = RuleProgram.Build(Set(("slow", Regex("^(?=(a|aa)+$)"))), options);
        var stuck = Payload(new string('a', 60) + "!");
        var prepared = new PreparedRules(program, options);
        prepared.WarmUp(stuck, rounds: 20);
        prepared.WarmUpFully([.. Enumerable.Repeat(stuck, 20)]);
        for (var i = 0; i < 3; i++)
        {
            RulePricer.Measure(program, options, [stuck], TimeSpan.Zero);
        }

        Assert.Equal(RegexSlot.StrikesMax, prepared.Inspector.Counters.Timeouts); // It ends all the same.
        Assert.Empty(program.QuarantinedRules());

        var detector = new Detector(program, options);
        detector.Use(prepared);
        for (var i = 0; i < 10; i++)
        {
            detector.Inspect(stuck);
        }

        Assert.Equal((RegexSlot.StrikesMax, 2), (detector.Counters.Timeouts, detector.Counters.QuarantineSkips));
        Assert.Single(program.QuarantinedRules());
    }

    private static PriceList Measure(
        RuleSet rules, IReadOnlyList<byte[]> payloads, DetectionOptions? options = null, TimeSpan? time = null)
    {
        options ??= new DetectionOptions();
        return RulePricer.Measure(RuleProgram.Build(rules, options), options, payloads, time ?? Time);
    }
}
