using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;
using static SensorGateway.Tests.Detection.RuleSamples;

namespace SensorGateway.Tests.Detection;

public sealed class DetectorAllocationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Inspect_InSteadyState_AllocatesNothing(int cacheEntries)
    {
        var rules = Set(
            ("all", new AllNode([Literal("one"), Regex("t[w]o"), new NotNode(Literal("three"))])),
            ("look", Regex("(?<=x)yz+")),
            ("noliteral", Regex("[a-f]\\d[a-f]\\d")),
            ("literal", Literal("needle", noCase: true))) with
        {
            HashLists = [new HashList("feed", new byte[32], null)],
        };
        var options = new DetectionOptions { CacheEntries = cacheEntries };
        var detector = new Detector(RuleProgram.Build(rules, options), options);
        byte[][] payloads =
        [
            Payload("nothing of interest 12345"), Payload("one two NEEDLE"), Payload("xyzzz \u00ff a1b2"), Payload(""),
            Payload("one two three"),
        ];
        var matches = Run(detector, payloads, 50);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var again = Run(detector, payloads, 50);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(matches, again);
        Assert.Equal(50 * 4, again);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void TryLocate_OfEachRuleForTheFirstTime_AllocatesNothing()
    {
        var options = new DetectionOptions();
        var rules = Set(
            ("a", Regex("(?<=x)yz+")), ("b", Literal("YZ", noCase: true)), ("c", Regex("[x]yz", PcreModes.None, Literal("an"))),
            ("d", new AllNode([new NotNode(Literal("no")), new AnyNode([Regex("q+"), Regex("z(z)\\b")])])),
            ("e", Regex("x[y]z") with { Chain = new(TransformStep.UrlDecode, TransformStep.Lowercase) }));
        var detector = new Detector(RuleProgram.Build(rules, options), options);
        var other = new Detector(RuleProgram.Build(rules, options), options);
        var payload = Payload("an xyzz");
        var found = Enumerable.Range(0, 5).Count(rule => other.TryLocate(rule, payload, out _));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var rule = 0; rule < 5; rule++)
        {
            found += detector.TryLocate(rule, payload, out _) ? 1 : 0;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(10, found);
        Assert.Equal(0, allocated);
    }

    private static int Run(Detector detector, byte[][] payloads, int rounds)
    {
        var matches = 0;
        for (var round = 0; round < rounds; round++)
        {
            foreach (var payload in payloads)
            {
                matches += detector.Inspect(payload).Rules.Length;
            }
        }

        return matches;
    }
}
