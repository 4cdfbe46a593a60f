using System.Collections.Immutable;

namespace SensorGateway.Rules.Pcre;

/// <summary>Builds tree nodes in their simplest form and walks them.</summary>
public static class PcreNodes
{
    private static readonly ByteSetNode[] Singles =
        [.. Enumerable.Range(0, 256).Select(value => new ByteSetNode(ByteSet.Of((byte)value)))];

    /// <summary>Matches the empty string.</summary>
    public static EmptyNode Empty { get; } = new();

    /// <summary>One byte, with its other case if asked for. Single bytes share their nodes.</summary>
    public static ByteSetNode Byte(byte value, bool noCase = false) => noCase && char.IsAsciiLetter((char)value)
        ? new ByteSetNode(ByteSet.Of(value).FoldCase())
        : Singles[value];

    /// <summary>One after the other; nested sequences are taken apart and empty parts dropped.</summary>
    public static PcreNode Concat(IEnumerable<PcreNode> parts)
    {
        var flat = ImmutableArray.CreateBuilder<PcreNode>();
        foreach (var part in parts)
        {
            if (part is ConcatNode inner)
            {
                flat.AddRange(inner.Parts);
            }
            else if (part is not EmptyNode)
            {
                flat.Add(part);
            }
        }

        return flat.Count switch
        {
            0 => Empty,
            1 => flat[0],
            _ => new ConcatNode(flat.ToImmutable()),
        };
    }

    /// <summary>Alternatives in order; alternatives that are all single bytes become one set.</summary>
    public static PcreNode Alternate(IReadOnlyList<PcreNode> options)
    {
        if (options.Count == 1)
        {
            return options[0];
        }

        return options.All(option => option is ByteSetNode)
            ? new ByteSetNode(options.Cast<ByteSetNode>().Aggregate(new ByteSet(), (all, one) => all.Union(one.Set)))
            : new AlternateNode([.. options]);
    }

    /// <summary>The nodes directly below <paramref name="node"/>.</summary>
    public static ImmutableArray<PcreNode> Children(PcreNode node) => node switch
    {
        ConcatNode concat => concat.Parts,
        AlternateNode alternate => alternate.Options,
        RepeatNode repeat => [repeat.Body],
        GroupNode group => [group.Body],
        AtomicNode atomic => [atomic.Body],
        LookNode look => [look.Body],
        ConditionNode condition => [condition.Yes, condition.No],
        _ => [],
    };

    /// <summary>The node and everything below it.</summary>
    public static IEnumerable<PcreNode> Walk(PcreNode root)
    {
        var open = new Stack<PcreNode>([root]);
        while (open.TryPop(out var node))
        {
            yield return node;
            foreach (var child in Children(node))
            {
                open.Push(child);
            }
        }
    }
}
