using System.Collections.Immutable;

namespace SensorGateway.Rules.Pcre;

/// <summary>Syntax tree of a byte regex. Flags are resolved: no node depends on a mode.</summary>
public abstract record PcreNode;

/// <summary>Matches the empty string.</summary>
public sealed record EmptyNode : PcreNode;

/// <summary>One byte out of a set; literals, dots, classes and escapes all end here, case folding included.</summary>
public sealed record ByteSetNode(ByteSet Set) : PcreNode;

/// <summary>One after the other.</summary>
public sealed record ConcatNode(ImmutableArray<PcreNode> Parts) : PcreNode;

/// <summary>The first alternative that leads to a match.</summary>
public sealed record AlternateNode(ImmutableArray<PcreNode> Options) : PcreNode;

/// <summary>Between <paramref name="Min"/> and <paramref name="Max"/> times; <see cref="Unbounded"/> for no upper bound.</summary>
public sealed record RepeatNode(PcreNode Body, int Min, int Max, RepeatKind Kind) : PcreNode
{
    /// <summary>No upper bound.</summary>
    public const int Unbounded = int.MaxValue;
}

/// <summary>How a repeat chooses its count.</summary>
public enum RepeatKind
{
    /// <summary>As many as possible, then fewer.</summary>
    Greedy,

    /// <summary>As few as possible, then more.</summary>
    Lazy,

    /// <summary>As many as possible, never fewer.</summary>
    Possessive,
}

/// <summary>A group; <paramref name="Index"/> counts from 1, 0 for a group that captures nothing.</summary>
public sealed record GroupNode(PcreNode Body, int Index, string? Name) : PcreNode;

/// <summary><c>(?&gt;…)</c>: once matched, never re-entered.</summary>
public sealed record AtomicNode(PcreNode Body) : PcreNode;

/// <summary>Look-ahead or look-behind.</summary>
public sealed record LookNode(PcreNode Body, bool Ahead, bool Negative) : PcreNode;

/// <summary>What an earlier group matched, again.</summary>
public sealed record BackReferenceNode(int Index, bool NoCase) : PcreNode;

/// <summary><c>(?(1)yes|no)</c>: depends on whether a group has matched.</summary>
public sealed record ConditionNode(int Index, PcreNode Yes, PcreNode No) : PcreNode;

/// <summary>A place, not a byte.</summary>
public sealed record AnchorNode(AnchorKind Kind) : PcreNode;

/// <summary>The places a pattern can demand.</summary>
public enum AnchorKind
{
    /// <summary>Start of the payload: <c>^</c> without m, <c>\A</c>, and <c>\G</c>.</summary>
    Start,

    /// <summary>Start of a line: <c>^</c> with m; at the start and after each LF (PCRE: not after a final LF at the very end).</summary>
    LineStart,

    /// <summary>End of the payload: <c>\z</c>.</summary>
    End,

    /// <summary>End, or before an LF that ends the payload: <c>$</c> without m, <c>\Z</c>.</summary>
    EndOrFinalNewline,

    /// <summary>End of a line: <c>$</c> with m; before each LF and at the end.</summary>
    LineEnd,

    /// <summary><c>\b</c>, ASCII words.</summary>
    WordBoundary,

    /// <summary><c>\B</c>.</summary>
    NotWordBoundary,
}
