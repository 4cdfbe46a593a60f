using System.Numerics;

namespace SensorGateway.LoadTest.Measuring;

/// <summary>Counts of durations in log-linear buckets: 32 to each power of two, so a value is at most 3.2 % off.</summary>
/// <remarks>Owner: one thread at a time. Histograms of several threads or rounds are merged afterwards.</remarks>
internal sealed class LatencyHistogram
{
    private const int LinearBits = 5;
    private const int Linear = 1 << LinearBits;

    private readonly long[] _counts = new long[(64 - LinearBits) * Linear];

    /// <summary>Values recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Largest value recorded, exact, in nanoseconds.</summary>
    public long MaxNs { get; private set; }

    /// <summary>Adds one duration; below zero counts as zero.</summary>
    public void Record(long ns)
    {
        ns = Math.Max(0, ns);
        _counts[BucketOf(ns)]++;
        Count++;
        MaxNs = Math.Max(MaxNs, ns);
    }

    /// <summary>Adds all that <paramref name="other"/> has counted.</summary>
    public void Merge(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        MaxNs = Math.Max(MaxNs, other.MaxNs);
    }

    /// <summary>The middle of the bucket that holds the given share of all values; 0 when empty.</summary>
    /// <param name="share">0 to 1, for example 0.99.</param>
    public long QuantileNs(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return Math.Min(MaxNs, LowestOf(bucket) + (WidthOf(bucket) / 2));
            }
        }

        return 0;
    }

    // Values below 32 have a bucket each; above, the five bits behind the leading one choose within its power of two.
    private static int BucketOf(long ns)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)ns) - LinearBits);
        return (shift << LinearBits) + (int)(ns >> shift);
    }

    private static int ShiftOf(int bucket) => Math.Max(0, (bucket >> LinearBits) - 1);

    private static long LowestOf(int bucket) => (long)(bucket - (ShiftOf(bucket) << LinearBits)) << ShiftOf(bucket);

    private static long WidthOf(int bucket) => 1L << ShiftOf(bucket);
}
