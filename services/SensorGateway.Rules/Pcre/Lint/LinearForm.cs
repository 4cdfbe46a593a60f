namespace SensorGateway.Rules.Pcre.Lint;

/// <summary>Whether a finite automaton decides a pattern exactly, so that no backtracking engine ever runs for it.</summary>
/// <remarks>The detection engine's automata widen the same constructs; a test holds both to one answer.</remarks>
public static class LinearForm
{
    /// <summary>A bounded repeat that unrolls to more automaton nodes is widened to an unbounded one.</summary>
    public const int RepeatNodesMax = 600;

    /// <summary>What keeps the pattern from a linear form, in words with an article; null when it has one.</summary>
    public static string? Obstacle(PcreNode node) => node switch
    {
        RepeatNode { Kind: RepeatKind.Possessive } => "a possessive repeat",
        RepeatNode { Max: 0 } => null,
        RepeatNode repeat when !Unrolls(repeat) => "a large count",
        LookNode => "a look-around",
        AtomicNode => "an atomic group",
        ConditionNode => "a condition",
        BackReferenceNode => "a back reference",
        _ => PcreNodes.Children(node).Select(Obstacle).FirstOrDefault(obstacle => obstacle is not null),
    };

    private static bool Unrolls(RepeatNode repeat)
    {
        var copies = repeat.Max == RepeatNode.Unbounded ? Math.Max(1, repeat.Min) : repeat.Max;
        return copies <= 1 || (long)copies * PatternShape.NodesOf(repeat.Body, RepeatNodesMax) <= RepeatNodesMax;
    }
}
