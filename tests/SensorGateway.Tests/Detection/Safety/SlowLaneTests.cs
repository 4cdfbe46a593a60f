using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Automata;
using static SensorGateway.Tests.Detection.RuleSamples;

namespace SensorGateway.Tests.Detection.Safety;

/// <summary>Patterns whose automata have more states than memory, on payloads that reach ever new ones.</summary>
public sealed class SlowLaneTests
{
    private const string Exploding = "[ab][ab-f]{12}[^a-z]";

    private static readonly DetectionOptions Options = new() { CacheEntries = 0, AutomatonBytesMax = 4_000 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Inspect_OfAStormOfFlushes_GivesKeepingStatesUpAndAnswersTheSame(bool isGuarded)
    {
        var rules = isGuarded
            ? Set(("bad", Regex(Exploding, default, Literal("abc"))), ("fine", Literal("fedc")))
            : Set(("bad", Regex(Exploding)), ("fine", Literal("fedc")));
        var loop = new PlainLoop(rules);
        var detector = new Detector(RuleProgram.Build(rules, Options), Options);
        var random = new Random(11);
        var flushesMidway = 0L;
        var (compared, matched) = (0, 0);
        for (var i = 0; i < 120; i++)
        {
            var payload = Storm(random, 3_000);
            payload[^1] = i % 3 == 0 ? (byte)'7' : (byte)'a'; // Only the former may match, if the right bytes stand before it.
            var found = detector.Inspect(payload).Rules.ToArray();
            if (loop.Matches(payload) is { } expected) // Else the machine was too busy for the plain loop to end in time.
            {
                Assert.Equal(expected, found);
                compared++;
                matched += found.Contains(0) ? 1 : 0;
            }

            flushesMidway = i == 20 ? detector.Counters.AutomatonFlushes : flushesMidway;
        }

        Assert.True(compared > 60 && matched > 5, $"{compared} compared, {matched} matched");

        // Some of a payload may pass before the automaton is left; then it is left for megabytes.
        Assert.InRange(flushesMidway, FlushRate.FlushesMax, 10 * FlushRate.FlushesMax);
        Assert.Equal(flushesMidway, detector.Counters.AutomatonFlushes);
        Assert.InRange(detector.Counters.SlowLaneRuns, 99, 120);
        Assert.Equal((true, false), (detector.Counters.Matches.IsSlow(0), detector.Counters.Matches.IsSlow(1)));
    }

    [Fact]
    public void Inspect_InTheSlowLane_AllocatesNothing()
    {
        var detector = new Detector(RuleProgram.Build(Set(("bad", Regex(Exploding))), Options), Options);
        var random = new Random(12);
        byte[][] payloads = [.. Enumerable.Range(0, 40).Select(_ => Storm(random, 3_000))];
        Array.ForEach(payloads, payload => detector.Inspect(payload));
        var runs = detector.Counters.SlowLaneRuns;

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var payload in payloads)
        {
            detector.Inspect(payload);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(runs + payloads.Length, detector.Counters.SlowLaneRuns);
    }

    [Fact]
    public void IsTooHigh_OfFlushesFarApart_IsNever()
    {
        var rate = new FlushRate();
        for (var i = 0; i < 1_000; i++)
        {
            Assert.False(rate.IsTooHigh(i, (long)i << 17)); // Eight to a megabyte.
        }
    }

    [Fact]
    public void IsForgotten_AfterTheStorm_ComesTrueAfterSoManyBytes()
    {
        var rate = new FlushRate();
        Assert.False(rate.IsTooHigh(FlushRate.FlushesMax, 100));
        Assert.True(rate.IsTooHigh(FlushRate.FlushesMax + 1, 200));

        Assert.False(rate.IsForgotten(FlushRate.ForgottenAfterBytes - 1));
        Assert.True(rate.IsForgotten(FlushRate.ForgottenAfterBytes));
        Assert.False(rate.IsTooHigh(FlushRate.FlushesMax + 2, FlushRate.ForgottenAfterBytes));
    }

    private static byte[] Storm(Random random, int bytes) =>
        [.. Enumerable.Range(0, bytes).Select(_ => (byte)"abcdefabfedcabc"[random.Next(15)])];
}
