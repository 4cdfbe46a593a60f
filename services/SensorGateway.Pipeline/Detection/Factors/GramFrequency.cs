using System.Collections;

namespace SensorGateway.Pipeline.Detection.Factors;

/// <summary>Estimates how often a short byte sequence, case folded, starts at a position of typical traffic.</summary>
/// <remarks>Counts pairs and fours; what was not counted is estimated by chaining pairs.</remarks>
internal sealed class GramFrequency
{
    private const double UnseenPairs = 0.02; // Added to every pair count: unseen is rare, not impossible.

    private readonly Dictionary<uint, int> _fours = [];
    private readonly float[] _pairs = new float[1 << 16];
    private readonly float[] _singles = new float[256];
    private readonly double _total;

    public GramFrequency(IEnumerable<byte[]> sample)
    {
        foreach (var payload in sample)
        {
            for (var i = 0; i < payload.Length; i++)
            {
                var first = Fold(payload[i]);
                _singles[first]++;
                _total++;
                if (i + 1 < payload.Length)
                {
                    _pairs[first << 8 | Fold(payload[i + 1])]++;
                }

                if (i + 3 < payload.Length)
                {
                    var four = Four(payload.AsSpan(i));
                    _fours[four] = _fours.GetValueOrDefault(four) + 1;
                }
            }
        }
    }

    /// <summary>The built-in sample's frequencies.</summary>
    public static GramFrequency Typical { get; } = new(TrafficSample.Payloads());

    /// <summary>
    /// The byte as the scanners hash it: upper and lower case alike (and a few other bytes, which is harmless).
    /// </summary>
    public static byte Fold(byte value) => (byte)(value | 0x20);

    /// <summary>Occurrences per payload position of one to four bytes.</summary>
    public double Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 4 && _fours.TryGetValue(Four(bytes), out var seen))
        {
            return seen / _total;
        }

        var chained = Single(bytes[0]);
        for (var i = 1; i < bytes.Length; i++)
        {
            var before = Fold(bytes[i - 1]);
            chained *= Math.Min(1, (_pairs[before << 8 | Fold(bytes[i])] + UnseenPairs) / (_singles[before] + 1));
        }

        return chained;
    }

    /// <summary>The same for the rarest four neighbouring bytes, or all when there are fewer.</summary>
    public double OfRarest(ReadOnlySpan<byte> bytes)
    {
        var rarest = Of(bytes[..Math.Min(4, bytes.Length)]);
        for (var i = 1; i + 4 <= bytes.Length; i++)
        {
            rarest = Math.Min(rarest, Of(bytes.Slice(i, 4)));
        }

        return rarest;
    }

    /// <summary>Share of positions that hold one of some bytes, case folded.</summary>
    public double OfAny(BitArray bytes)
    {
        var folded = new BitArray(256);
        var sum = 0.0;
        for (var value = 0; value < 256; value++)
        {
            if (bytes[value] && !folded[Fold((byte)value)])
            {
                folded[Fold((byte)value)] = true;
                sum += Single((byte)value);
            }
        }

        return Math.Min(1, sum);
    }

    private static uint Four(ReadOnlySpan<byte> bytes) => BitConverter.ToUInt32(bytes) | 0x2020_2020;

    private double Single(byte value) => (_singles[Fold(value)] + UnseenPairs) / _total;
}
