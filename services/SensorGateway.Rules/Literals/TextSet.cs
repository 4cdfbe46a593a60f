using SensorGateway.Rules.Pcre;

namespace SensorGateway.Rules.Literals;

/// <summary>The few strings that a part of a pattern can match.</summary>
/// <param name="Texts">Never empty; the empty string may be among them.</param>
/// <param name="IsPure">False when a condition (anchor, look-around, atomic group) has been left out.</param>
internal sealed record TextSet(IReadOnlyList<FoldedText> Texts, bool IsPure)
{
    private const int ClassMax = 6;      // Folded bytes of a class that is spelt out.
    private const int ProductMax = 128;  // Strings that a sequence of choices is multiplied out to.
    private const int UnionMax = 1024;   // Strings of an alternation: lists of words are long in real rules.
    private const int BytesMax = 64 << 10;
    private const int SingleBytesMax = 4 << 10; // Growing byte by byte is quadratic.

    public static TextSet Empty { get; } = new([FoldedText.Empty], IsPure: true);

    /// <summary>The empty string under a condition that is left out.</summary>
    public static TextSet Condition { get; } = Empty with { IsPure = false };

    public int BytesMin => Texts.Min(text => text.Bytes.Length);

    /// <summary>The strings of one byte in a class, or null when they are too many or none.</summary>
    public static TextSet? OfClass(ByteSet set)
    {
        var folded = set.FoldCase();
        if (set.Count == 0 || folded.Count > 2 * ClassMax)
        {
            return null;
        }

        var texts = new List<FoldedText>();
        for (var value = 0; value < 256; value++)
        {
            if (set.Contains((byte)value))
            {
                AddByte(texts, set, (byte)value);
            }
        }

        return texts.Count <= ClassMax ? new TextSet(texts, IsPure: true) : null;
    }

    /// <summary>Each of these followed by each of those, or null when that is too many.</summary>
    public TextSet? Then(TextSet next)
    {
        var count = (long)Texts.Count * next.Texts.Count;
        var isList = Texts.Count == 1 || next.Texts.Count == 1;
        if (Texts is [var single] && single.Bytes.Length > SingleBytesMax)
        {
            return null;
        }

        if (count > (isList ? UnionMax : ProductMax) || Bytes() * next.Texts.Count + next.Bytes() * Texts.Count > BytesMax)
        {
            return null;
        }

        if (ReferenceEquals(next, Empty))
        {
            return this;
        }

        var texts = new List<FoldedText>((int)count);
        foreach (var first in Texts)
        {
            foreach (var second in next.Texts)
            {
                texts.Add(first.Then(second));
            }
        }

        return new TextSet(texts, IsPure && next.IsPure);
    }

    /// <summary>All strings of all sets, or null when they are too many.</summary>
    public static TextSet? Union(IReadOnlyList<TextSet> sets)
    {
        if (sets.Sum(set => (long)set.Texts.Count) > UnionMax || sets.Sum(set => set.Bytes()) > BytesMax)
        {
            return null;
        }

        return new TextSet([.. sets.SelectMany(set => set.Texts)], sets.All(set => set.IsPure));
    }

    private long Bytes() => Texts.Sum(text => (long)text.Bytes.Length);

    private static void AddByte(List<FoldedText> texts, ByteSet set, byte value)
    {
        var isLetter = char.IsAsciiLetter((char)value);
        var eitherCase = isLetter && set.Contains((byte)(value ^ 0x20));
        if (!eitherCase || FoldedText.Lower(value) == value)
        {
            texts.Add(new FoldedText([value], eitherCase, isLetter && !eitherCase));
        }
    }
}
