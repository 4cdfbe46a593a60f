using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>Facts about a pattern that can be read off its tree.</summary>
internal static class PatternShape
{
    /// <summary>True when every match starts at the payload's first byte.</summary>
    public static bool IsStartAnchored(PcreNode node) => node switch
    {
        AnchorNode anchor => anchor.Kind == AnchorKind.Start,
        GroupNode group => IsStartAnchored(group.Body),
        AtomicNode atomic => IsStartAnchored(atomic.Body),
        AlternateNode alternate => alternate.Options.All(IsStartAnchored),
        RepeatNode repeat => repeat.Min > 0 && IsStartAnchored(repeat.Body),
        ConcatNode concat => StartsAnchored(concat),
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

    private static bool StartsAnchored(ConcatNode concat)
    {
        foreach (var part in concat.Parts)
        {
            if (IsStartAnchored(part))
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
