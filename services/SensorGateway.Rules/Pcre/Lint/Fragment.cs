namespace SensorGateway.Rules.Pcre.Lint;

/// <summary>How a part of a pattern matches nothing.</summary>
/// <param name="Ways">0 when it cannot, 2 for several ways.</param>
/// <param name="IsSure">True when no anchor or look-around has a say in it.</param>
/// <param name="Next">Bytes that may follow; less than all behind a possessive repeat.</param>
internal readonly record struct Gap(int Ways, bool IsSure, ByteSet Next)
{
    /// <summary>One way, on no condition.</summary>
    public static Gap Free { get; } = new(1, true, ByteSet.All);

    /// <summary>No way.</summary>
    public static Gap None { get; } = new(0, false, ByteSet.All);
}

/// <summary>An end of a part: where it is entered or left.</summary>
/// <param name="Position">First or last position.</param>
/// <param name="Gap">What lies between it and the part's border.</param>
internal readonly record struct Border(int Position, Gap Gap);

/// <summary>A part of a pattern as Glushkov's construction sees it.</summary>
internal sealed record Fragment(Gap Empty, IReadOnlyList<Border> First, IReadOnlyList<Border> Last)
{
    /// <summary>Matches nothing but the empty string.</summary>
    public static Fragment Nothing { get; } = new(Gap.Free, [], []);

    /// <summary>Never matches.</summary>
    public static Fragment Never { get; } = new(Gap.None, [], []);
}
