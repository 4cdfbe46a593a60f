using System.Buffers.Text;

namespace SensorGateway.Traffic;

/// <summary>A number inside a payload that comes back in its alert: <c> mk=0000000123</c>, a space first.</summary>
public static class TrafficMarker
{
    /// <summary>Bytes of a marker.</summary>
    public const int Bytes = 14;

    /// <summary>Digits of the number, padded with zeros.</summary>
    public const int Digits = 10;

    /// <summary>Largest number that fits.</summary>
    public const long NumberMax = 9_999_999_999;

    /// <summary>What stands before the digits.</summary>
    public static ReadOnlySpan<byte> Prefix => " mk="u8;

    /// <summary>Writes a marker at the head of <paramref name="target"/>.</summary>
    public static void Write(Span<byte> target, long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, NumberMax);
        Prefix.CopyTo(target);
        Utf8Formatter.TryFormat(number, target[Prefix.Length..Bytes], out _,
            new System.Buffers.StandardFormat('D', Digits));
    }
}
