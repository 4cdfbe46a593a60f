using SensorGateway.PerfGate.Protocol;

namespace SensorGateway.Tests.PerfGate;

public sealed class FineHistogramTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(4_095)]
    [InlineData(1_234_567)]
    [InlineData(98_765_432_100)]
    public void QuantileNs_OfOneValue_IsWithinOnePercent(long ns)
    {
        var histogram = new FineHistogram();
        histogram.Record(ns);

        Assert.InRange(histogram.QuantileNs(0.5), ns * 0.99, ns * 1.01);
    }

    [Fact]
    public void QuantileNs_OfManyValues_AgreesWithSorting()
    {
        var random = new Random(7);
        var values = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(5 + (random.NextDouble() * 8))).ToArray();
        var histogram = new FineHistogram();
        foreach (var value in values)
        {
            histogram.Record(value);
        }

        Array.Sort(values);
        foreach (var share in (double[])[0.01, 0.25, 0.5, 0.95, 0.99])
        {
            var exact = values[(int)(share * values.Length)];
            Assert.InRange(histogram.QuantileNs(share), exact * 0.985, exact * 1.015);
        }
    }

    [Fact]
    public void FromPairs_OfToPairs_GivesTheSameHistogram()
    {
        var histogram = Recorded(3, 70, 70, 900, 123_456);

        var copy = FineHistogram.FromPairs(histogram.ToPairs(), histogram.MaxNs);

        Assert.Equal(histogram.Count, copy.Count);
        Assert.Equal(histogram.ToPairs(), copy.ToPairs());
        Assert.Equal(histogram.QuantileNs(0.9), copy.QuantileNs(0.9));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1_000_000, 1)]
    [InlineData(5, 0)]
    public void FromPairs_WithABucketThatCannotBe_Throws(long index, long count) =>
        Assert.Throws<InvalidDataException>(() => FineHistogram.FromPairs([[index, count]], 1));

    [Fact]
    public void Add_OfTwo_CountsBoth()
    {
        var sum = Recorded(10, 20);
        sum.Add(Recorded(1_000_000));

        Assert.Equal(3, sum.Count);
        Assert.Equal(1_000_000, sum.MaxNs);
        Assert.InRange(sum.QuantileNs(1), 990_000, 1_000_000);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(5_000)]
    [InlineData(777_777_777)]
    public void Coarse_OfAValue_NamesTheBucketThatTheFileFormatStates(long ns)
    {
        var pair = Assert.Single(Recorded(ns).Coarse());

        var lowest = LowestOf(pair[0]);
        Assert.Equal(1, pair[1]);
        Assert.InRange(ns, lowest, LowestOf(pair[0] + 1) - 1);
    }

    // As written in perf-baselines/README.md.
    private static long LowestOf(long index) => index < 32 ? index : (32 + (index % 32)) << (int)((index / 32) - 1);

    private static FineHistogram Recorded(params long[] values)
    {
        var histogram = new FineHistogram();
        foreach (var value in values)
        {
            histogram.Record(value);
        }

        return histogram;
    }
}
