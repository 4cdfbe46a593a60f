using System.Collections.Immutable;

namespace SensorGateway.Rules.Model;

/// <summary>A condition over one payload: terms combined by any, all and not.</summary>
public abstract record MatchNode
{
    /// <summary>The transforms of all terms below, those without left out.</summary>
    public IEnumerable<TransformChain> Transforms() => this switch
    {
        AnyNode any => any.Children.SelectMany(child => child.Transforms()),
        AllNode all => all.Children.SelectMany(child => child.Transforms()),
        NotNode not => not.Child.Transforms(),
        LiteralTerm { Chain.IsNone: false } literal => [literal.Chain],
        RegexTerm { Chain.IsNone: false } regex => [regex.Chain],
        _ => [],
    };
}

/// <summary>True when at least one child is. Never empty.</summary>
public sealed record AnyNode(ImmutableArray<MatchNode> Children) : MatchNode;

/// <summary>True when every child is. Never empty, and at least one child is positive.</summary>
public sealed record AllNode(ImmutableArray<MatchNode> Children) : MatchNode;

/// <summary>True when the child is not; stands only inside an <see cref="AllNode"/> beside a positive term.</summary>
public sealed record NotNode(MatchNode Child) : MatchNode;

/// <summary>True when these bytes occur anywhere in the payload.</summary>
/// <param name="Bytes">At least one byte.</param>
/// <param name="NoCase">Folds A-Z and a-z only.</param>
public sealed record LiteralTerm(ImmutableArray<byte> Bytes, bool NoCase) : MatchNode
{
    /// <summary>What the payload goes through before it is looked at.</summary>
    public TransformChain Chain { get; init; } = TransformChain.None;
}

/// <summary>True when the whole payload has one of these SHA-256 digests.</summary>
/// <param name="Digests">32 bytes each. Never empty.</param>
public sealed record DigestTerm(ImmutableArray<ImmutableArray<byte>> Digests) : MatchNode;

/// <summary>True when the pattern occurs anywhere in the payload, and a guard too if there is one.</summary>
/// <param name="Pattern">The parsed and translated pattern.</param>
/// <param name="Guards">The regex counts only when one of these is in the payload as well. Empty: no condition.</param>
public sealed record RegexTerm(BytePattern Pattern, ImmutableArray<LiteralTerm> Guards) : MatchNode
{
    /// <summary>What the payload goes through before pattern and guards look at it.</summary>
    public TransformChain Chain { get; init; } = TransformChain.None;

    /// <summary>
    /// True when some payload can make it backtrack almost without end: only the match timeout stops it then, and after
    /// a few of those it is not run any more.
    /// </summary>
    public bool IsConfined { get; init; }
}
