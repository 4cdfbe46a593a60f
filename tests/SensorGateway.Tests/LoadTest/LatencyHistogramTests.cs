using SensorGateway.LoadTest.Measuring;

namespace SensorGateway.Tests.LoadTest;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void QuantileNs_OfRandomValues_IsWithinOneBucketOfTheSortedList()
    {
        var random = new Random(4);
        for (var round = 0; round < 30; round++)
        {
            var histogram = new LatencyHistogram();
            var values = Enumerable.Range(0, 2_000).Select(_ => (long)Math.Pow(2, random.NextDouble() * 40)).ToArray();
            Array.ForEach(values, histogram.Record);
            Array.Sort(values);

            foreach (var share in new[] { 0.01, 0.5, 0.95, 0.99, 1.0 })
            {
                var exact = values[(int)Math.Ceiling(share * values.Length) - 1];
                Assert.InRange(histogram.QuantileNs(share), exact * (1 - (1 / 31.0)) - 1, exact * (1 + (1 / 31.0)) + 1);
            }

            Assert.Equal(values[^1], histogram.MaxNs);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(63)]
    public void QuantileNs_OfASmallValue_IsExact(long ns)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(ns);

        Assert.Equal(ns, histogram.QuantileNs(0.5));
    }

    [Fact]
    public void Record_OfTheLargestAndOfANegativeValue_StaysInRange()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(long.MaxValue);
        histogram.Record(-5);

        Assert.Equal(2, histogram.Count);
        Assert.Equal(0, histogram.QuantileNs(0.5));
        Assert.Equal(long.MaxValue, histogram.MaxNs);
    }

    [Fact]
    public void Merge_OfTwoHalves_EqualsTheWhole()
    {
        var (whole, even, odd) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        for (var ns = 0L; ns < 100_000; ns += 7)
        {
            whole.Record(ns);
            (ns % 2 == 0 ? even : odd).Record(ns);
        }

        even.Merge(odd);

        Assert.Equal(whole.Count, even.Count);
        Assert.Equal(whole.MaxNs, even.MaxNs);
        Assert.All([0.1, 0.5, 0.9, 0.99], share => Assert.Equal(whole.QuantileNs(share), even.QuantileNs(share)));
    }

    [Fact]
    public void QuantileNs_OfNothing_IsZero() => Assert.Equal(0, new LatencyHistogram().QuantileNs(0.5));
}
