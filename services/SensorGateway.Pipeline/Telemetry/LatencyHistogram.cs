using System.Numerics;

namespace SensorGateway.Pipeline.Telemetry;

/// <summary>Counts of durations in log-linear buckets: 32 steps a power of two, so within 3 % of every value.</summary>
/// <remarks>One thread records; any thread may read, and histograms of the same kind add up.</remarks>
public sealed class LatencyHistogram
{
    private const int StepBits = 5;
    private const int Steps = 1 << StepBits;
    private const int PowersMax = 44; // Up to 2^44 ns, almost five hours; longer ones count as the longest.

    private readonly long[] _counts = new long[(PowersMax - StepBits + 1) * Steps];
    private long _total;
    private long _sumNanoseconds;
    private long _maxNanoseconds;

    /// <summary>How many durations.</summary>
    public long Count => Volatile.Read(ref _total);

    /// <summary>Sum of all durations.</summary>
    public long SumNanoseconds => Volatile.Read(ref _sumNanoseconds);

    /// <summary>The longest.</summary>
    public long MaxNanoseconds => Volatile.Read(ref _maxNanoseconds);

    /// <summary>Adds one duration; a negative one counts as 0.</summary>
    public void Record(long nanoseconds)
    {
        var value = Math.Max(0, nanoseconds);
        _counts[Math.Min(IndexOf(value), _counts.Length - 1)]++;
        _total++;
        _sumNanoseconds += value;
        if (value > _maxNanoseconds)
        {
            _maxNanoseconds = value;
        }
    }

    /// <summary>The duration that this share of all durations does not exceed, within 3 %.</summary>
    /// <param name="share">0 to 1.</param>
    /// <returns>Nanoseconds; 0 when nothing was recorded.</returns>
    public long Percentile(double share)
    {
        var wanted = (long)Math.Ceiling(share * Count);
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= wanted && seen > 0)
            {
                return Math.Min(UpperBound(i), MaxNanoseconds);
            }
        }

        return 0;
    }

    /// <summary>How many durations were at most this long, within 3 %.</summary>
    public long CountAtMost(long nanoseconds)
    {
        if (nanoseconds < 0)
        {
            return 0;
        }

        var last = Math.Min(IndexOf(nanoseconds), _counts.Length - 1);
        var seen = 0L;
        for (var i = 0; i <= last; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
        }

        return seen;
    }

    /// <summary>Adds all that another histogram holds.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += Volatile.Read(ref other._counts[i]);
        }

        _total += other.Count;
        _sumNanoseconds += other.SumNanoseconds;
        _maxNanoseconds = Math.Max(_maxNanoseconds, other.MaxNanoseconds);
    }

    private static int IndexOf(long value)
    {
        if (value < Steps)
        {
            return (int)value;
        }

        var power = BitOperations.Log2((ulong)value);
        return (power - StepBits + 1) * Steps + (int)(value >> (power - StepBits)) - Steps;
    }

    private static long UpperBound(int index)
    {
        if (index < Steps)
        {
            return index;
        }

        var shift = index / Steps - 1;
        return ((long)(index % Steps + Steps + 1) << shift) - 1;
    }
}
