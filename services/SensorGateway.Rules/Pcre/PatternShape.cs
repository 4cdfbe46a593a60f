namespace SensorGateway.Rules.Pcre;

/// <summary>Facts about a pattern that can be read off its tree.</summary>
public static class PatternShape
{
    /// <summary>True when every match starts at the payload's first byte.</summary>
    public static bool IsStartAnchored(PcreNode node) => Begins(node, static kind => kind == AnchorKind.Start);

    /// <summary>True when every match starts at the payload's first byte or behind an LF.</summary>
    public static bool IsLineAnchored(PcreNode node) =>
        Begins(node, static kind => kind is AnchorKind.Start or AnchorKind.LineStart);

    /// <summary>True when every match ends at the payload's end, or before an LF that ends it.</summary>
    public static bool IsEndAnchored(PcreNode node) => node switch
    {
        AnchorNode anchor => anchor.Kind is AnchorKind.End or AnchorKind.EndOrFinalNewline,
        GroupNode group => IsEndAnchored(group.Body),
        AtomicNode atomic => IsEndAnchored(atomic.Body),
        AlternateNode alternate => alternate.Options.All(IsEndAnchored),
        RepeatNode repeat => repeat.Min > 0 && IsEndAnchored(repeat.Body),
        ConcatNode concat => concat.Parts.Any(IsEndAnchored), // Behind it nothing but an LF can be taken.
        _ => false,
    };

    /// <summary>
    /// How many nodes an automaton of <paramref name="node"/> takes, or more than <paramref name="enough"/>.
    /// </summary>
    public static long NodesOf(PcreNode node, int enough)
    {
        switch (node)
        {
            case ByteSetNode or AnchorNode or BackReferenceNode:
                return 1;
            case RepeatNode repeat:
                var copies = repeat.Max == RepeatNode.Unbounded ? Math.Max(1, repeat.Min) : repeat.Max;
                return Math.Min(enough + 1L, copies * (NodesOf(repeat.Body, enough) + 1));
            default:
                var sum = 1L;
                foreach (var child in PcreNodes.Children(node))
                {
                    sum = Math.Min(enough + 1L, sum + NodesOf(child, enough));
                }

                return sum;
        }
    }

    private static bool Begins(PcreNode node, Func<AnchorKind, bool> at) => node switch
    {
        AnchorNode anchor => at(anchor.Kind),
        GroupNode group => Begins(group.Body, at),
        AtomicNode atomic => Begins(atomic.Body, at),
        AlternateNode alternate => alternate.Options.All(option => Begins(option, at)),
        RepeatNode repeat => repeat.Min > 0 && Begins(repeat.Body, at),
        ConcatNode concat => AnyBegins(concat, at),
        _ => false,
    };

    private static bool AnyBegins(ConcatNode concat, Func<AnchorKind, bool> at)
    {
        foreach (var part in concat.Parts)
        {
            if (Begins(part, at))
            {
                return true;
            }

            // Only what takes no bytes may stand before the anchor.
            if (ByteLength.Of(part).Max != 0)
            {
                return false;
            }
        }

        return false;
    }
}
