using System.Numerics;

namespace SensorGateway.PerfGate.Protocol;

/// <summary>Counts of durations in log-linear buckets, 128 to each power of two: within 0.8 % of every value.</summary>
/// <remarks>
/// Four times as fine as the gateway's own: a gate with a threshold of 10 % must not see steps of 3 %. Owner: one thread.
/// </remarks>
internal sealed class FineHistogram
{
    private const int StepBits = 7;
    private const int Steps = 1 << StepBits;
    private const int PowersMax = 40; // Up to 2^40 ns, 18 minutes; longer ones count as the longest.

    private readonly long[] _counts = new long[(PowersMax - StepBits + 1) * Steps];

    /// <summary>Durations recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, in nanoseconds.</summary>
    public long MaxNs { get; private set; }

    /// <summary>Adds one duration; a negative one counts as 0.</summary>
    public void Record(long ns)
    {
        ns = Math.Max(0, ns);
        _counts[Math.Min(IndexOf(ns), _counts.Length - 1)]++;
        Count++;
        MaxNs = Math.Max(MaxNs, ns);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
        MaxNs = 0;
    }

    /// <summary>Adds all that another one has counted.</summary>
    public void Add(FineHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        MaxNs = Math.Max(MaxNs, other.MaxNs);
    }

    /// <summary>The duration below which this share of all lies, interpolated within its bucket; 0 when empty.</summary>
    /// <param name="share">0 to 1.</param>
    public double QuantileNs(double share)
    {
        var rank = share * Count;
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0 && seen + _counts[i] >= rank)
            {
                var within = Math.Clamp((rank - seen) / _counts[i], 0, 1);
                return Math.Min(MaxNs, LowestOf(i) + within * (LowestOf(i + 1) - LowestOf(i)));
            }

            seen += _counts[i];
        }

        return MaxNs;
    }

    /// <summary>The filled buckets with a quarter of the steps, as index and count: what is stored and merged later.</summary>
    /// <remarks>Index i below 32 is i ns; above, bucket i starts at (32 + i % 32) &lt;&lt; (i / 32 - 1) ns.</remarks>
    public IEnumerable<long[]> Coarse()
    {
        var counts = new SortedDictionary<int, long>();
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0)
            {
                var index = CoarseIndexOf(LowestOf(i));
                counts[index] = counts.GetValueOrDefault(index) + _counts[i];
            }
        }

        return counts.Select(static pair => new[] { pair.Key, pair.Value });
    }

    /// <summary>All filled buckets, for the way between two processes.</summary>
    public long[][] ToPairs() =>
        [.. Enumerable.Range(0, _counts.Length).Where(i => _counts[i] > 0).Select(i => new[] { i, _counts[i] })];

    /// <summary>The opposite of <see cref="ToPairs"/>.</summary>
    /// <exception cref="InvalidDataException">The pairs are none of ours.</exception>
    public static FineHistogram FromPairs(IEnumerable<long[]> pairs, long maxNs)
    {
        var histogram = new FineHistogram { MaxNs = maxNs };
        foreach (var pair in pairs)
        {
            if (pair is not [>= 0, > 0] || pair[0] >= histogram._counts.Length)
            {
                throw new InvalidDataException("a histogram holds a bucket that does not exist");
            }

            histogram._counts[pair[0]] += pair[1];
            histogram.Count += pair[1];
        }

        return histogram;
    }

    private static int IndexOf(long value) => IndexOf(value, StepBits);

    private static int CoarseIndexOf(long value) => IndexOf(value, StepBits - 2);

    private static int IndexOf(long value, int stepBits)
    {
        var power = BitOperations.Log2((ulong)value | 1);
        return power < stepBits
            ? (int)value
            : (power - stepBits + 1 << stepBits) + (int)(value >> power - stepBits) - (1 << stepBits);
    }

    private static long LowestOf(int index) =>
        index < Steps ? index : (long)(index % Steps + Steps) << index / Steps - 1;
}
