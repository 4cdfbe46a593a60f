using System.Collections.Immutable;
using System.Text;

namespace SensorGateway.Rules.Literals;

/// <summary>A byte string to look for in payloads.</summary>
/// <param name="Bytes">At least one; A-Z are lower case when <paramref name="NoCase"/> is set.</param>
/// <param name="NoCase">Folds A-Z and a-z only.</param>
public sealed record RequiredLiteral(ImmutableArray<byte> Bytes, bool NoCase)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Encoding.Latin1.GetString(Bytes.AsSpan())}{(NoCase ? "/i" : "")}";
}

/// <summary>What must be in a payload for a pattern to match at all.</summary>
/// <param name="AnyOf">Every match contains one of these. Never empty.</param>
/// <param name="IsWholePattern">
/// The pattern matches exactly when one of these is in the payload: no regex is needed to decide.
/// </param>
public sealed record LiteralRequirement(ImmutableArray<RequiredLiteral> AnyOf, bool IsWholePattern)
{
    /// <summary>Literals below this length, in bytes, are in so many payloads that they hardly filter.</summary>
    public const int UsefulBytes = 3;

    /// <summary>Bytes of the shortest literal.</summary>
    public int BytesMin { get; } = AnyOf.Min(literal => literal.Bytes.Length);

    /// <summary>True when some literal is too short to filter well.</summary>
    public bool IsShort => BytesMin < UsefulBytes;
}
