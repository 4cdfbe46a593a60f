using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Tests.Telemetry;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Shares = [0.01, 0.1, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

    [Fact]
    public void Percentile_OnRandomDurations_LiesWithinOneStepAboveTheExactOne()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var durations = RandomDurations(new Random(seed));
            var histogram = Filled(durations);
            Array.Sort(durations);

            foreach (var share in Shares)
            {
                var exact = durations[(int)Math.Ceiling(share * durations.Length) - 1];
                Assert.InRange(histogram.Percentile(share), exact, exact + exact / 32.0);
            }
        }
    }

    [Fact]
    public void CountAtMost_OnGrowingBounds_NeverFallsAndIsExactWithinOneStep()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var durations = RandomDurations(random);
            var histogram = Filled(durations);
            var last = 0L;
            foreach (var bound in RandomDurations(random).Order())
            {
                var count = histogram.CountAtMost(bound);
                Assert.True(count >= last, $"seed {seed}: {count} durations up to {bound} ns, {last} up to less");
                Assert.InRange(count, durations.Count(d => d <= bound), durations.Count(d => d <= bound + bound / 32.0));
                last = count;
            }
        }
    }

    [Fact]
    public void CountAtMost_AtTheLongest_CountsAll()
    {
        var histogram = Filled([1, 500, long.MaxValue]);

        Assert.Equal(3, histogram.CountAtMost(long.MaxValue));
        Assert.Equal(0, histogram.CountAtMost(-1));
        Assert.Equal(long.MaxValue, histogram.MaxNanoseconds);
    }

    [Fact]
    public void Add_OfSeveralHistograms_EqualsOneThatSawEverything()
    {
        var random = new Random(7);
        var parts = Enumerable.Range(0, 4).Select(_ => RandomDurations(random)).ToArray();
        var whole = Filled([.. parts.SelectMany(part => part)]);
        var sum = new LatencyHistogram();
        foreach (var part in parts)
        {
            sum.Add(Filled(part));
        }

        Assert.Equal(whole.Count, sum.Count);
        Assert.Equal(whole.SumNanoseconds, sum.SumNanoseconds);
        Assert.Equal(whole.MaxNanoseconds, sum.MaxNanoseconds);
        Assert.All(Shares, share => Assert.Equal(whole.Percentile(share), sum.Percentile(share)));
    }

    [Fact]
    public void Record_OfNegativeDuration_CountsAsZero()
    {
        var histogram = Filled([-5]);

        Assert.Equal((1L, 0L, 0L), (histogram.Count, histogram.SumNanoseconds, histogram.Percentile(1)));
    }

    [Fact]
    public void Percentile_OfNothing_IsZero() => Assert.Equal(0, new LatencyHistogram().Percentile(0.5));

    [Fact]
    public void Record_InSteadyState_AllocatesNothing()
    {
        var histogram = new LatencyHistogram();

        Assert.Equal(0, Allocations.Of(20_000, i => histogram.Record(i * 37L)));
    }

    private static LatencyHistogram Filled(long[] durations)
    {
        var histogram = new LatencyHistogram();
        foreach (var duration in durations)
        {
            histogram.Record(duration);
        }

        return histogram;
    }

    // Spread over all powers of two, as latencies are: most of them short, a few very long.
    private static long[] RandomDurations(Random random)
    {
        var durations = new long[random.Next(1, 2_000)];
        for (var i = 0; i < durations.Length; i++)
        {
            durations[i] = random.NextInt64(1L << random.Next(1, 43));
        }

        return durations;
    }
}
