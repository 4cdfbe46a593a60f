using System.Collections.Immutable;

namespace SensorGateway.Pipeline.Detection.Factors;

/// <summary>A literal that ignores case at some positions, as the scanners take it.</summary>
internal readonly record struct FactorText(ImmutableArray<byte> Bytes, bool NoCase);

/// <summary>Literals of which every match of a pattern holds at least one.</summary>
/// <param name="Texts">The literals; not empty, none of them empty.</param>
/// <param name="Frequency">
/// Estimated occurrences of any of them per payload position, with a surcharge for many.
/// </param>
/// <param name="BytesBefore">
/// At most this many bytes of a match lie before the literal; <see cref="Rules.Pcre.RepeatNode.Unbounded"/> for no
/// bound.
/// </param>
internal sealed record Factor(ImmutableArray<FactorText> Texts, double Frequency, int BytesBefore)
{
    /// <summary>The same factor with a sequence in front of it.</summary>
    public Factor After(int bytes) => this with
    {
        BytesBefore = (int)Math.Min((long)BytesBefore + bytes, Rules.Pcre.RepeatNode.Unbounded),
    };
}
