namespace SensorGateway.TestKit.Gateway;

/// <summary>Which numbers of one sensor have arrived. Owner: the collector's thread; counts may be read by any.</summary>
internal sealed class SensorTrack
{
    private const int NumbersMax = 1 << 20;

    private readonly long[] _seen = new long[NumbersMax / 64];
    private long _highest = -1;
    private long _once;
    private long _duplicates;
    private long _reordered;

    public long Once => Volatile.Read(ref _once);

    public long Duplicates => Volatile.Read(ref _duplicates);

    public long Reordered => Volatile.Read(ref _reordered);

    /// <summary>False when it had come before.</summary>
    public bool Add(long number)
    {
        ref var word = ref _seen[number / 64];
        var bit = 1L << (int)(number % 64);
        if ((word & bit) != 0)
        {
            Volatile.Write(ref _duplicates, _duplicates + 1);
            return false;
        }

        word |= bit;
        if (number < _highest)
        {
            Volatile.Write(ref _reordered, _reordered + 1);
        }

        _highest = Math.Max(_highest, number);
        Volatile.Write(ref _once, _once + 1);
        return true;
    }

    public IReadOnlyList<long> Missing(long below)
    {
        var missing = new List<long>();
        for (var number = 0L; number < below; number++)
        {
            if ((Volatile.Read(ref _seen[number / 64]) & 1L << (int)(number % 64)) == 0)
            {
                missing.Add(number);
            }
        }

        return missing;
    }
}
