using System.Text;

namespace SensorGateway.Rules.Pcre.Parsing;

/// <summary>A place in the bytes of a pattern.</summary>
internal sealed class PatternCursor(byte[] pattern)
{
    /// <summary>Bytes already read.</summary>
    public int Position { get; set; }

    public bool AtEnd => Position == pattern.Length;

    /// <summary>The next byte, or NUL at the end; where the two differ, ask <see cref="AtEnd"/> first.</summary>
    public byte Peek(int ahead = 0) => Position + ahead < pattern.Length ? pattern[Position + ahead] : (byte)0;

    public byte ByteAt(int position) => pattern[position];

    public int DistanceToEnd => pattern.Length - Position;

    public byte Take() => pattern[Position++];

    /// <summary>Takes <paramref name="expected"/> if it comes next.</summary>
    public bool TryTake(char expected)
    {
        var found = !AtEnd && pattern[Position] == expected;
        Position += found ? 1 : 0;
        return found;
    }

    /// <summary>Takes <paramref name="expected"/> if it comes next.</summary>
    public bool TryTake(ReadOnlySpan<byte> expected)
    {
        var found = StartsWith(expected);
        Position += found ? expected.Length : 0;
        return found;
    }

    public bool StartsWith(ReadOnlySpan<byte> expected) => pattern.AsSpan(Position).StartsWith(expected);

    /// <summary>Bytes from here to the next <paramref name="stop"/>, which is not among them; -1 when there is none.</summary>
    public int DistanceTo(char stop) => pattern.AsSpan(Position).IndexOf((byte)stop);

    /// <summary>The text of bytes already read; for messages and names.</summary>
    public string TextSince(int start) => Encoding.UTF8.GetString(pattern, start, Position - start);

    /// <summary>Takes decimal digits; -1 when none come. Values too large for any use stay at a million.</summary>
    public int TakeNumber()
    {
        const int tooLarge = 1_000_000;
        var number = -1;
        while (char.IsAsciiDigit((char)Peek()))
        {
            number = Math.Min(tooLarge, Math.Max(number, 0) * 10 + Take() - '0');
        }

        return number;
    }
}
