using System.Buffers;
using System.Text;

namespace SensorGateway.Pipeline.Detection.Transforms;

/// <summary><c>%HH</c> becomes that byte, <c>%uHHHH</c> that character in UTF-8, <c>+</c> a blank; once, not again.</summary>
/// <remarks>
/// Bytes are not read as UTF-8: <c>%c0%af</c>, an overlong slash, becomes C0 AF, which a rule can look for. Half a
/// surrogate pair stands for no character and stays as it is.
/// </remarks>
internal static class UrlDecode
{
    private static readonly SearchValues<byte> Escapes = SearchValues.Create("%+"u8);

    public static int Apply(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var next = input.IndexOfAny(Escapes);
        if (next < 0)
        {
            return Transform.Unchanged;
        }

        var written = 0;
        while (next >= 0)
        {
            input[..next].CopyTo(output[written..]);
            written += next;
            input = input[next..];
            input = input[DecodeOne(input, output, ref written)..];
            next = input.IndexOfAny(Escapes);
        }

        input.CopyTo(output[written..]);
        return written + input.Length;
    }

    /// <summary>Decodes the escape that the input begins with, or copies its first byte.</summary>
    /// <returns>Bytes taken.</returns>
    private static int DecodeOne(ReadOnlySpan<byte> input, Span<byte> output, ref int written)
    {
        if (input[0] == '+')
        {
            output[written++] = (byte)' ';
            return 1;
        }

        if (input.Length >= 3 && (Transform.HexValue(input[1]) << 4 | Transform.HexValue(input[2])) is < 0x100 and var value)
        {
            output[written++] = (byte)value;
            return 3;
        }

        if (input.Length >= 6 && (input[1] | 0x20) == 'u' && TryReadRune(input[2..6], out var rune))
        {
            written += rune.EncodeToUtf8(output[written..]);
            return 6;
        }

        output[written++] = input[0];
        return 1;
    }

    private static bool TryReadRune(ReadOnlySpan<byte> digits, out Rune rune)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            var four = Transform.HexValue(digit);
            value = four > 0xF ? int.MinValue : value << 4 | four;
            if (value < 0)
            {
                break;
            }
        }

        return Rune.TryCreate(value, out rune);
    }
}
