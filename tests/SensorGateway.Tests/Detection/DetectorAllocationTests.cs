using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;
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
    public void TryLocate_InSteadyState_AllocatesNothing()
    {
        var options = new DetectionOptions();
        var detector = new Detector(RuleProgram.Build(Set(("a", Regex("(?<=x)yz+")), ("b", Literal("yz"))), options), options);
        var payload = Payload("an xyzz");
        Assert.True(detector.TryLocate(0, payload, out _) && detector.TryLocate(1, payload, out _));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = detector.TryLocate(0, payload, out _) && detector.TryLocate(1, payload, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(found);
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
