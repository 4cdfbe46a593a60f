namespace SensorGateway.Rules.Pcre;

/// <summary>How many bytes a node takes, at least and at most; look-arounds and anchors take none.</summary>
/// <param name="Min">Bytes.</param>
/// <param name="Max">Bytes; <see cref="RepeatNode.Unbounded"/> for no bound.</param>
public readonly record struct ByteLength(int Min, int Max)
{
    /// <summary>True when every match is of one length.</summary>
    public bool IsFixed => Min == Max && Max != RepeatNode.Unbounded;

    /// <summary>Measures <paramref name="node"/>; never too narrow.</summary>
    public static ByteLength Of(PcreNode node) => node switch
    {
        ByteSetNode => new(1, 1),
        ConcatNode concat => concat.Parts.Aggregate(default(ByteLength), (sum, part) => sum + Of(part)),
        AlternateNode alternate => alternate.Options.Select(Of).Aggregate(Either),
        RepeatNode repeat => Times(Of(repeat.Body), repeat.Min, repeat.Max),
        GroupNode group => Of(group.Body),
        AtomicNode atomic => Of(atomic.Body),
        ConditionNode condition => Either(Of(condition.Yes), Of(condition.No)),
        BackReferenceNode => new(0, RepeatNode.Unbounded),
        _ => default,
    };

    /// <summary>One after the other.</summary>
    public static ByteLength operator +(ByteLength left, ByteLength right) =>
        new(Bound((long)left.Min + right.Min), Bound((long)left.Max + right.Max));

    /// <summary>Same as +.</summary>
    public static ByteLength Add(ByteLength left, ByteLength right) => left + right;

    private static ByteLength Either(ByteLength left, ByteLength right) =>
        new(Math.Min(left.Min, right.Min), Math.Max(left.Max, right.Max));

    private static ByteLength Times(ByteLength body, int min, int max) =>
        new(Bound((long)body.Min * min), body.Max == 0 ? 0 : Bound((long)body.Max * max));

    private static int Bound(long bytes) => (int)Math.Min(bytes, RepeatNode.Unbounded);
}
