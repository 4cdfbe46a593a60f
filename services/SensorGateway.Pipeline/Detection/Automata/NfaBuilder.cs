using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>
/// Turns syntax trees into one <see cref="Nfa"/>. What no finite automaton can do is widened, never narrowed.
/// </summary>
/// <param name="repeatNodesMax">A bounded repeat that would unroll to more nodes becomes an unbounded one.</param>
internal sealed class NfaBuilder(int repeatNodesMax)
{
    private readonly List<NfaNode> _nodes = [];
    private readonly List<ByteSet> _sets = [];
    private readonly Dictionary<ByteSet, int> _setNumbers = [];
    private readonly List<int> _starts = [];
    private readonly List<bool> _startAnchored = [];

    /// <summary>Nodes so far.</summary>
    public int Size => _nodes.Count;

    /// <summary>Adds a pattern; its number is the count of patterns before it.</summary>
    /// <returns>
    /// True when the automaton accepts exactly what the pattern matches, false when it may accept more.
    /// </returns>
    public bool Add(PcreNode root)
    {
        var exact = true;
        var match = Node(NfaOp.Match, -1, _starts.Count);
        _starts.Add(Emit(root, match, ref exact));
        _startAnchored.Add(PatternShape.IsStartAnchored(root));
        return exact;
    }

    /// <summary>The finished automaton.</summary>
    public Nfa Build() => new([.. _nodes], [.. _sets], [.. _starts], [.. _startAnchored]);

    private int Emit(PcreNode node, int next, ref bool exact)
    {
        switch (node)
        {
            case ByteSetNode bytes:
                return Node(NfaOp.Bytes, next, SetNumber(bytes.Set));
            case ConcatNode concat:
                for (var i = concat.Parts.Length - 1; i >= 0; i--)
                {
                    next = Emit(concat.Parts[i], next, ref exact);
                }

                return next;
            case AlternateNode alternate:
                return EmitEither(alternate.Options, next, ref exact);
            case RepeatNode repeat:
                exact &= repeat.Kind != RepeatKind.Possessive;
                return EmitRepeat(repeat, next, ref exact);
            case GroupNode group:
                return Emit(group.Body, next, ref exact);
            case AtomicNode atomic:
                exact = false;
                return Emit(atomic.Body, next, ref exact);
            case ConditionNode condition:
                exact = false;
                return EmitEither([condition.Yes, condition.No], next, ref exact);
            case BackReferenceNode:
                exact = false;
                return EmitRepeat(AnyBytes, next, ref exact);
            case AnchorNode anchor:
                return Node(NfaOp.Anchor, next, (int)anchor.Kind);
            case LookNode:
                exact = false; // Taken as always true.
                return next;
            default:
                return next; // EmptyNode.
        }
    }

    private static RepeatNode AnyBytes { get; } =
        new(new ByteSetNode(ByteSet.All), 0, RepeatNode.Unbounded, RepeatKind.Greedy);

    private int EmitEither(IReadOnlyList<PcreNode> options, int next, ref bool exact)
    {
        var entry = Emit(options[^1], next, ref exact);
        for (var i = options.Count - 2; i >= 0; i--)
        {
            entry = Node(NfaOp.Split, Emit(options[i], next, ref exact), entry);
        }

        return entry;
    }

    private int EmitRepeat(RepeatNode repeat, int next, ref bool exact)
    {
        var (min, max) = (repeat.Min, repeat.Max);
        var copies = max == RepeatNode.Unbounded ? Math.Max(1, min) : max;
        if (copies > 1 && (long)copies * PatternShape.NodesOf(repeat.Body, repeatNodesMax) > repeatNodesMax)
        {
            (min, max) = (Math.Min(min, 1), RepeatNode.Unbounded);
            exact = false;
        }

        if (max == RepeatNode.Unbounded)
        {
            var loop = Node(NfaOp.Split, -1, next);
            var body = Emit(repeat.Body, loop, ref exact);
            _nodes[loop] = _nodes[loop] with { Next = body };
            next = min == 0 ? loop : body;
            min = Math.Max(0, min - 1);
        }
        else
        {
            var after = next;
            for (var i = min; i < max; i++)
            {
                next = Node(NfaOp.Split, Emit(repeat.Body, next, ref exact), after);
            }
        }

        for (var i = 0; i < min; i++)
        {
            next = Emit(repeat.Body, next, ref exact);
        }

        return next;
    }

    private int Node(NfaOp op, int next, int argument)
    {
        _nodes.Add(new NfaNode(op, next, argument));
        return _nodes.Count - 1;
    }

    private int SetNumber(ByteSet set)
    {
        if (!_setNumbers.TryGetValue(set, out var number))
        {
            number = _sets.Count;
            _sets.Add(set);
            _setNumbers.Add(set, number);
        }

        return number;
    }
}
