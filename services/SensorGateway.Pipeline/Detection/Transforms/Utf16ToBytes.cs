namespace SensorGateway.Pipeline.Detection.Transforms;

/// <summary>Text in UTF-16 of either byte order loses its zero bytes, in its place; the rest stays.</summary>
/// <remarks>
/// Text is a run of at least <see cref="UnitsMin"/> code units from 1 to 255, at an even or odd offset, so that a string
/// inside a binary message, or one that lost its first byte, is found too. Other code units keep both their bytes.
/// </remarks>
internal static class Utf16ToBytes
{
    /// <summary>Shorter runs are left alone: small numbers in binary messages are such.</summary>
    public const int UnitsMin = 4;

    public static int Apply(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var written = 0;
        var copied = 0; // Everything before this is in the output.
        for (var at = 0; at < input.Length;)
        {
            var zero = input[at..].IndexOf((byte)0);
            if (zero < 0)
            {
                break;
            }

            // Text in little-endian order begins with the byte before its first zero, in big-endian order with the zero.
            zero += at;
            var start = zero > at ? zero - 1 : zero;
            var units = zero > at ? UnitsAt(input[start..], zeroAt: 1) : 0;
            var byteAt = start;
            if (units < UnitsMin)
            {
                start = zero;
                units = UnitsAt(input[start..], zeroAt: 0);
                byteAt = start + 1;
            }

            if (units < UnitsMin)
            {
                at = zero + 1;
                continue;
            }

            input[copied..start].CopyTo(output[written..]);
            written += start - copied;
            for (var unit = 0; unit < units; unit++)
            {
                output[written++] = input[byteAt + 2 * unit];
            }

            at = copied = start + 2 * units;
        }

        if (copied == 0)
        {
            return Transform.Unchanged;
        }

        input[copied..].CopyTo(output[written..]);
        return written + input.Length - copied;
    }

    /// <summary>How many pairs of a zero and another byte the input begins with.</summary>
    private static int UnitsAt(ReadOnlySpan<byte> input, int zeroAt)
    {
        var units = 0;
        while (2 * units + 1 < input.Length && input[2 * units + zeroAt] == 0 && input[2 * units + 1 - zeroAt] != 0)
        {
            units++;
        }

        return units;
    }
}
