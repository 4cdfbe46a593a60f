using System.Globalization;
using System.Text;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre.Parsing;

namespace SensorGateway.Rules.Pcre.DotNet;

/// <summary>Writes byte sets as characters and classes of .NET, over payloads widened by <see cref="ByteText"/>.</summary>
internal static class DotNetClass
{
    private const string Metacharacters = @"\*+?|{[()^$.";
    private const string ClassMetacharacters = @"\[]^-";

    public static void Append(StringBuilder output, ByteSet set)
    {
        switch (set.Count)
        {
            case 0:
                output.Append("(?!)");
                break;
            case 1:
                AppendChar(output, Members(set).First(), Metacharacters);
                break;
            case 256:
                output.Append(@"[\s\S]"); // The form that .NET recognises as "anything".
                break;
            case > 128 when !IsMistakenForWords(set):
                // Payload characters are exactly the 256 widened bytes, so a negated class is the complement.
                output.Append("[^");
                AppendRanges(output, set.Complement());
                output.Append(']');
                break;
            default:
                output.Append('[');
                AppendRanges(output, set);
                output.Append(']');
                break;
        }
    }

    /// <summary>
    /// True for a set whose negated class .NET 10 takes for word characters only, because it looks at the characters
    /// listed and not at the sign: it then never gives any back before <c>\b</c>, and <c>[^A-Z]+\b</c> misses "c9.".
    /// </summary>
    private static bool IsMistakenForWords(ByteSet set)
    {
        var listed = set.Complement();
        return listed.Count > 1 && listed.Intersect(ByteSets.Word) == listed;
    }

    private static void AppendRanges(StringBuilder output, ByteSet set)
    {
        for (var first = 0; first < 256; first++)
        {
            if (!set.Contains((byte)first))
            {
                continue;
            }

            // 0x7F and 0x80 are neighbours as bytes, not as characters.
            var last = first;
            while (last < 255 && last != 0x7F && set.Contains((byte)(last + 1)))
            {
                last++;
            }

            AppendChar(output, (byte)first, ClassMetacharacters);
            if (last > first)
            {
                output.Append(last > first + 1 ? "-" : "");
                AppendChar(output, (byte)last, ClassMetacharacters);
            }

            first = last;
        }
    }

    /// <summary>As a number where the character is special: .NET starts no range at an escaped hyphen.</summary>
    private static void AppendChar(StringBuilder output, byte value, string special)
    {
        if (value is >= 0x20 and < 0x7F && !special.Contains((char)value, StringComparison.Ordinal))
        {
            output.Append((char)value);
        }
        else if (value < 0x80)
        {
            output.Append(CultureInfo.InvariantCulture, $@"\x{value:X2}");
        }
        else
        {
            output.Append(CultureInfo.InvariantCulture, $@"\u{(int)ByteText.Widen(value):X4}");
        }
    }

    private static IEnumerable<byte> Members(ByteSet set) =>
        Enumerable.Range(0, 256).Select(value => (byte)value).Where(set.Contains);
}
