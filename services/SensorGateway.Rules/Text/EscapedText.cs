using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace SensorGateway.Rules.Text;

/// <summary>Bytes as rule authors write them: text stands for its UTF-8, <c>\xHH</c> for any byte, <c>\x5c</c> for a backslash.</summary>
internal static class EscapedText
{
    /// <returns>The bytes, or null with the offset in characters and what is wrong there.</returns>
    public static ImmutableArray<byte>? TryParse(string text, out int offset, out string problem)
    {
        (offset, problem) = (0, "");
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var count = 0;
        while (offset < text.Length)
        {
            var run = text.AsSpan(offset);
            var backslash = run.IndexOf('\\');
            var plain = backslash < 0 ? run : run[..backslash];
            count += Encoding.UTF8.GetBytes(plain, bytes.AsSpan(count));
            offset += plain.Length;
            if (backslash < 0)
            {
                break;
            }

            if (!TryParseEscape(text.AsSpan(offset), out bytes[count++]))
            {
                problem = @"a backslash is not followed by x and two hexadecimal digits";
                return null;
            }

            offset += 4;
        }

        return ImmutableArray.Create(bytes, 0, count);
    }

    private static bool TryParseEscape(ReadOnlySpan<char> text, out byte value)
    {
        value = 0;
        return text.Length >= 4 && text[1] == 'x'
            && byte.TryParse(text.Slice(2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
