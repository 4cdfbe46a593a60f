using System.Collections.Immutable;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Factors;

/// <summary>A small finite set of strings over folded bytes, grown by concatenation and union.</summary>
/// <remarks>A char holds a byte, plus <see cref="Folds"/> where either case will do.</remarks>
internal sealed class FactorRun
{
    /// <summary>More strings than this are not followed.</summary>
    public const int StringsMax = 96;

    /// <summary>A class of more bytes than this (cases apart) ends a run.</summary>
    public const int ClassBytesMax = 24;

    private const double CostPerText = 2e-5; // Each more literal to look for, as the frequency it is worth.
    private const int LengthMax = 64;
    private const char Folds = '\u0100';

    private readonly ImmutableArray<string> _strings;

    private FactorRun(ImmutableArray<string> strings) => _strings = strings;

    /// <summary>Only the empty string.</summary>
    public static FactorRun Empty { get; } = new([""]);

    /// <summary>How many strings.</summary>
    public int Count => _strings.Length;

    /// <summary>Length of its shortest string.</summary>
    public int LengthMin => _strings.Min(text => text.Length);

    /// <summary>One byte of a set; null when the set is too large.</summary>
    public static FactorRun? Of(ByteSet set)
    {
        if (set.Count > 2 * ClassBytesMax)
        {
            return null;
        }

        var strings = ImmutableArray.CreateBuilder<string>();
        for (var value = 0; value < 256; value++)
        {
            if (!set.Contains((byte)value))
            {
                continue;
            }

            var other = char.IsAsciiLetter((char)value) && set.Contains((byte)(value ^ 0x20));
            if (!other)
            {
                strings.Add(((char)value).ToString());
            }
            else if ((value & 0x20) != 0)
            {
                strings.Add(((char)(value | Folds)).ToString());
            }
        }

        return strings.Count is 0 or > ClassBytesMax ? null : new FactorRun(strings.ToImmutable());
    }

    /// <summary>Every string of this followed by every string of the other; null when that is too much.</summary>
    public FactorRun? Then(FactorRun other)
    {
        if (_strings.Length * other._strings.Length > StringsMax
            || _strings.Max(text => text.Length) + other._strings.Max(text => text.Length) > LengthMax)
        {
            return null;
        }

        return new FactorRun([.. _strings.SelectMany(_ => other._strings, string.Concat).Distinct()]);
    }

    /// <summary>Strings of both; null when that is too much.</summary>
    public FactorRun? Or(FactorRun other) => _strings.Length + other._strings.Length > StringsMax
        ? null
        : new FactorRun([.. _strings.Concat(other._strings).Distinct()]);

    /// <summary>The set as a factor; null when it holds the empty string.</summary>
    public Factor? ToFactor(GramFrequency frequency)
    {
        if (LengthMin == 0)
        {
            return null;
        }

        var texts = _strings.Select(Text).ToImmutableArray();
        var sum = texts.Sum(text => frequency.OfRarest(text.Bytes.AsSpan()));
        return new Factor(texts, sum + CostPerText * (texts.Length - 1), 0);
    }

    private static FactorText Text(string text)
    {
        var bytes = text.Select(each => (byte)each).ToImmutableArray();
        return new FactorText(bytes, text.Any(each => each >= Folds)); // Folding all letters finds more, never less.
    }
}
