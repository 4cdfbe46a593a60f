namespace SensorGateway.Rules.Pcre.Lint;

/// <summary>Builds the graph of a pattern; where it is not exact it has more ways than the matcher, never fewer.</summary>
internal sealed class GraphBuilder
{
    private const int ExactCopiesMax = 16; // Copies of one byte that are written out, so that counts stay aligned.
    private const int BodyCopiesMax = 4;   // Copies of anything else; with more a count is judged like a loop.
    private const int ReferenceDepthMax = 2;

    private readonly AmbiguityGraph _graph = new();
    private readonly Dictionary<int, PcreNode> _groups = [];
    private RepeatNode? _around;
    private int _turns = 1;
    private int _references;

    private GraphBuilder(PcreNode root)
    {
        foreach (var group in PcreNodes.Walk(root).OfType<GroupNode>())
        {
            _groups.TryAdd(group.Index, group.Body);
        }
    }

    /// <summary>The graph, with the search for a match's start in front.</summary>
    public static AmbiguityGraph Build(PcreNode root)
    {
        var builder = new GraphBuilder(root);
        var graph = builder._graph;
        builder.Accept(graph.Then(builder.Search(root), builder.Of(root)));
        return graph;
    }

    /// <summary>The pattern alone: where a match that begins at the payload's first byte can begin and end.</summary>
    public static (AmbiguityGraph Graph, Fragment Whole) BuildAnchored(PcreNode root)
    {
        var builder = new GraphBuilder(root);
        return (builder._graph, builder.Of(root));
    }

    /// <summary>The matcher tries one start after the other: at every byte, every line, or only the first.</summary>
    private Fragment Search(PcreNode root)
    {
        if (PatternShape.IsStartAnchored(root))
        {
            return Fragment.Nothing;
        }

        var newline = ByteSet.Of((byte)'\n');
        var lines = PatternShape.IsLineAnchored(root);
        var last = Position(lines ? newline : ByteSet.All, AmbiguityGraph.PayloadBytes);
        List<Border> all = [new(last, Gap.Free)];
        if (lines)
        {
            all.Add(new Border(Position(newline.Complement(), AmbiguityGraph.PayloadBytes), Gap.Free));
        }

        _graph.Link(all, all, 1);
        return new Fragment(Gap.Free, all, [new(last, Gap.Free)]);
    }

    private Fragment Of(PcreNode node)
    {
        if (_graph.IsTooLarge)
        {
            return Fragment.Never;
        }

        switch (node)
        {
            case ByteSetNode bytes:
                return Single(Position(bytes.Set, _turns));
            case ConcatNode concat:
                return concat.Parts.Aggregate(Fragment.Nothing, (before, part) => _graph.Then(before, Of(part)));
            case AlternateNode alternate:
                return OfOptions(alternate.Options);
            case ConditionNode condition:
                return Conditional(FragmentJoins.Or(Of(condition.Yes), Of(condition.No)));
            case GroupNode group:
                return Of(group.Body);
            case AtomicNode { Body: RepeatNode { Kind: RepeatKind.Greedy } repeat }:
                return OfRepeat(repeat with { Kind = RepeatKind.Possessive }, repeat);
            case AtomicNode atomic:
                return Of(atomic.Body); // That it is never re-entered is not used.
            case RepeatNode repeat:
                return OfRepeat(repeat, repeat);
            case LookNode look:
                return OfLook(look);
            case BackReferenceNode reference:
                return OfReference(reference);
            case AnchorNode:
                return Conditional(Fragment.Nothing);
            default:
                return Fragment.Nothing;
        }
    }

    private Fragment OfOptions(IReadOnlyList<PcreNode> options)
    {
        var parts = options.Select(Of).ToList();
        return new Fragment(
            parts.Aggregate(Gap.None, (gap, part) => FragmentJoins.Add(gap, part.Empty)),
            [.. parts.SelectMany(part => part.First)], [.. parts.SelectMany(part => part.Last)]);
    }

    /// <summary>A look-around is entered where it stands; nothing goes on from its end.</summary>
    private Fragment OfLook(LookNode look)
    {
        var around = _around;
        _around = null;
        var body = Of(look.Body);
        _around = around;
        Accept(body);
        return Conditional(Fragment.Nothing) with { First = body.First };
    }

    /// <summary>A reference takes what its group could take, but leaves no choice.</summary>
    private Fragment OfReference(BackReferenceNode reference)
    {
        var turns = _turns;
        _turns = 0;
        _references++;
        var copy = _references <= ReferenceDepthMax && !reference.NoCase && _groups.TryGetValue(reference.Index, out var body)
            ? Of(body)
            : Loop(Single(Position(ByteSet.All, 1)), Gap.Free, 1);
        _references--;
        _turns = turns;
        return Conditional(copy);
    }

    private Fragment OfRepeat(RepeatNode repeat, RepeatNode written)
    {
        if (repeat.Max == 0)
        {
            return Fragment.Nothing;
        }

        if (SetOf(repeat.Body) is { } set)
        {
            return OfBytes(repeat, written, set);
        }

        if (repeat.Max <= BodyCopiesMax)
        {
            return OfCopies(repeat);
        }

        var (turns, around) = (_turns, _around);
        _turns = Math.Min(AmbiguityGraph.PayloadBytes, _turns * Choices(repeat));
        _around ??= written;
        var body = Of(repeat.Body);
        (_turns, _around) = (turns, around);

        // Turns that must come may be empty ones: which of them are is a choice of its own.
        var isCounted = repeat.Max != RepeatNode.Unbounded || repeat.Min > BodyCopiesMax;
        var empty = repeat.Min == 0 ? FragmentJoins.Add(Gap.Free, body.Empty) : body.Empty;
        return Loop(body, empty, body.Empty.Ways > 0 && isCounted ? 2 : 1);
    }

    private Fragment OfCopies(RepeatNode repeat)
    {
        var result = Fragment.Nothing;
        for (var i = repeat.Max; i > 0; i--)
        {
            result = _graph.Then(Of(repeat.Body), result);
            if (i > repeat.Min)
            {
                result = FragmentJoins.Or(result, Fragment.Nothing);
            }
        }

        return result;
    }

    private Fragment OfBytes(RepeatNode repeat, RepeatNode written, ByteSet set)
    {
        var isExact = repeat.Min == repeat.Max && repeat.Min <= ExactCopiesMax;
        var copies = isExact ? repeat.Min : repeat.Min <= ExactCopiesMax ? Math.Max(0, repeat.Min - 1) : 0;
        var result = Fragment.Nothing;
        for (var i = 0; i < copies; i++)
        {
            result = _graph.Then(result, Single(Position(set, _turns)));
        }

        if (isExact)
        {
            return result;
        }

        var loop = Position(set, Math.Min(AmbiguityGraph.PayloadBytes, _turns * Choices(repeat)), written);
        var neverGivesBack = repeat is { Kind: RepeatKind.Possessive, Max: RepeatNode.Unbounded };
        var end = Gap.Free with { Next = neverGivesBack ? set.Complement() : ByteSet.All };
        _graph.Connect(loop, loop, set, 1);
        return _graph.Then(
            result, new Fragment(repeat.Min == 0 ? end : Gap.None, [new(loop, Gap.Free)], [new(loop, end)]));
    }

    private Fragment Loop(Fragment body, Gap empty, int ways)
    {
        _graph.Link(body.Last, body.First, ways);
        return body with { Empty = empty };
    }

    private void Accept(Fragment whole)
    {
        foreach (var last in whole.Last.Where(last => last.Gap.IsSure))
        {
            _graph.SetAccepts(last.Position);
        }
    }

    private int Position(ByteSet set, int turns, RepeatNode? repeat = null) =>
        _graph.Add(new GraphPosition(set, Math.Max(1, turns), _around ?? repeat));

    private static Fragment Single(int position) =>
        new(Gap.None, [new(position, Gap.Free)], [new(position, Gap.Free)]);

    private static Fragment Conditional(Fragment part) =>
        part with { Empty = part.Empty with { IsSure = false }, Last = [.. part.Last.Select(Unsure)] };

    private static Border Unsure(Border border) => border with { Gap = border.Gap with { IsSure = false } };

    private static int Choices(RepeatNode repeat) => repeat.Max == RepeatNode.Unbounded
        ? AmbiguityGraph.PayloadBytes
        : Math.Min(AmbiguityGraph.PayloadBytes, repeat.Max - repeat.Min + 1);

    private static ByteSet? SetOf(PcreNode node) => node switch
    {
        ByteSetNode bytes => bytes.Set,
        GroupNode group => SetOf(group.Body),
        _ => null,
    };
}
