using System.Text;

namespace SensorGateway.Pipeline.Detection.Transforms;

/// <summary>Character references become the character in UTF-8; once, not again.</summary>
/// <remarks>
/// Numeric ones need no semicolon, as in browsers, and may have leading zeros. Those that stand for no character (0,
/// surrogates, beyond U+10FFFF) stay as they are, as do names that are not in <see cref="HtmlNames"/>.
/// </remarks>
internal static class HtmlDecode
{
    public static int Apply(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var next = input.IndexOf((byte)'&');
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
            var taken = TryDecode(input, out var rune);
            if (taken > 0)
            {
                written += rune.EncodeToUtf8(output[written..]); // The shortest reference is as long as its character.
            }
            else
            {
                output[written++] = input[0];
                taken = 1;
            }

            input = input[taken..];
            next = input.IndexOf((byte)'&');
        }

        input.CopyTo(output[written..]);
        return written + input.Length;
    }

    /// <returns>Bytes of the reference that the input begins with; 0 when it is none.</returns>
    private static int TryDecode(ReadOnlySpan<byte> input, out Rune rune)
    {
        rune = default;
        if (input.Length < 3 || input[1] != '#')
        {
            return HtmlNames.TryFind(input[1..], out rune) is > 0 and var name ? 1 + name : 0;
        }

        var isHex = (input[2] | 0x20) == 'x';
        var at = isHex ? 3 : 2;
        var first = at;
        var value = 0;
        for (; at < input.Length && DigitOf(input[at], isHex) is >= 0 and var digit; at++)
        {
            value = Math.Min(0x11_0000, value * (isHex ? 16 : 10) + digit); // Stays beyond every character.
        }

        if (at == first || value == 0 || !Rune.TryCreate(value, out rune))
        {
            return 0;
        }

        return at < input.Length && input[at] == ';' ? at + 1 : at;
    }

    private static int DigitOf(byte value, bool isHex)
    {
        var digit = Transform.HexValue(value);
        return digit < (isHex ? 16 : 10) ? digit : -1;
    }
}
