namespace SensorGateway.Rules.Model;

/// <summary>Bytes as characters for .NET regexes: 0x00-0x7F stand for themselves, 0x80-0xFF become U+E080-U+E0FF.</summary>
/// <remarks>
/// Private-use characters are no letters and have no case: as Latin-1, <c>\b</c> and IgnoreCase would see 65 of them
/// as letters and pair 0xE9 with 0xC9.
/// </remarks>
public static class ByteText
{
    /// <summary>Added to every byte from 0x80 up.</summary>
    public const char HighBase = '\uE000';

    /// <summary>The character that stands for a byte.</summary>
    public static char Widen(byte value) => value < 0x80 ? (char)value : (char)(HighBase + value);

    /// <summary>Widens <paramref name="bytes"/> into the head of <paramref name="chars"/>, which is at least as long.</summary>
    public static void Widen(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        var target = chars[..bytes.Length];
        if (System.Text.Ascii.IsValid(bytes))
        {
            System.Text.Encoding.Latin1.GetChars(bytes, target);
            return;
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            target[i] = Widen(bytes[i]);
        }
    }
}
