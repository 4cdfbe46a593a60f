using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>Takes from the front of a pattern what a match can do without.</summary>
/// <remarks>
/// Whether there is a match, not where it begins, is what a rule asks. A repeat at the very front that took more than its
/// least count could as well have begun later, so the least count is enough: <c>[\w.-]{0,50}?key</c> is found where
/// <c>key</c> is. Automata get few states by it, and attempts begin at the literals only.
/// </remarks>
internal static class LeadingRepeats
{
    /// <summary>A pattern that matches within the same payloads.</summary>
    public static PcreNode Trim(PcreNode root)
    {
        var asksBack = PcreNodes.Walk(root).Any(node => node is BackReferenceNode or ConditionNode);
        return asksBack ? root : TrimFront(root); // What a group took may be asked for later.
    }

    private static PcreNode TrimFront(PcreNode node) => node switch
    {
        RepeatNode { Kind: RepeatKind.Possessive } => node, // It takes all there is: that depends on where it begins.
        RepeatNode { Min: 0 } => PcreNodes.Empty,
        RepeatNode { Min: 1 } repeat => TrimFront(repeat.Body),
        RepeatNode repeat => repeat with { Max = repeat.Min },
        GroupNode group => TrimFront(group.Body),
        AlternateNode alternate => new AlternateNode([.. alternate.Options.Select(TrimFront)]),
        ConcatNode concat => TrimFront(concat),
        _ => node,
    };

    private static PcreNode TrimFront(ConcatNode concat)
    {
        for (var i = 0; i < concat.Parts.Length; i++)
        {
            // Only where nothing is left of a part, the next one stands at the front.
            if (TrimFront(concat.Parts[i]) is not EmptyNode and var front)
            {
                return PcreNodes.Concat(concat.Parts[(i + 1)..].Prepend(front));
            }
        }

        return PcreNodes.Empty;
    }
}
