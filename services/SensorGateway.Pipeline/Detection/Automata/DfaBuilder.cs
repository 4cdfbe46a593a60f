using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>
/// Computes one deterministic state from another: the subset construction with anchors. Owner: one LazyDfa.
/// </summary>
/// <remarks>
/// Anchors that depend on the byte to come stay in the state and are decided when it arrives, so acceptance may come
/// one
/// symbol late; the payload's end is a symbol too.
/// </remarks>
internal sealed class DfaBuilder
{
    private const int NoSymbol = -1;

    private readonly Automaton _automaton;
    private readonly NfaNode[] _nodes;
    private readonly bool _areKept;
    private readonly int[] _stack;
    private readonly int[] _visited; // Round in which the node was last reached.
    private readonly int[] _result;
    private readonly int[] _resolved;
    private int _round;
    private int _count;

    /// <param name="automaton">What states are made of.</param>
    /// <param name="areKept">True when states are compared, and so must have their nodes in order.</param>
    public DfaBuilder(Automaton automaton, bool areKept = true)
    {
        _areKept = areKept;
        _automaton = automaton;
        _nodes = automaton.Nfa.Nodes;
        _stack = new int[2 * _nodes.Length + 2];
        _visited = new int[_nodes.Length];
        _result = new int[_nodes.Length];
        _resolved = new int[_nodes.Length];
    }

    /// <summary>Nodes of the state built last, ascending where states are kept.</summary>
    public ReadOnlySpan<int> Nodes => _result.AsSpan(0, _count);

    /// <summary>Its context.</summary>
    public DfaContext Context { get; private set; }

    /// <summary>Bit per pattern that matched on the way into it.</summary>
    public ulong Accepts { get; private set; }

    /// <summary>What lies before <paramref name="at"/>.</summary>
    public DfaContext ContextAfter(ReadOnlySpan<byte> payload, int at) =>
        at == 0 ? DfaContext.Start : ContextOf(payload[at - 1]);

    /// <summary>Builds the state in which a run begins.</summary>
    public void BuildStart(DfaContext context)
    {
        Begin(context);
        for (var i = 0; i < _automaton.Patterns; i++)
        {
            Reach(_automaton.Nfa.Starts[i], context, NoSymbol);
        }

        Finish();
    }

    /// <summary>Builds the state after <paramref name="symbol"/>.</summary>
    public void BuildNext(ReadOnlySpan<int> nodes, DfaContext context, int symbol)
    {
        // First the anchors that waited for this symbol.
        Begin(context);
        if (_automaton.HasAnchors)
        {
            foreach (var node in nodes)
            {
                Reach(node, context, symbol);
            }

            nodes = _result.AsSpan(0, _count);
        }

        var resolved = _resolved.AsSpan(0, nodes.Length);
        nodes.CopyTo(resolved);
        var accepts = Accepts;
        if (symbol == _automaton.EndSymbol)
        {
            Begin(DfaContext.Other);
            Accepts = accepts;
            return;
        }

        // Then the byte itself, and a new attempt of each pattern behind it.
        var value = ByteOf(symbol);
        var next = ContextOf(value);
        Begin(next);
        Accepts = accepts;
        foreach (var node in resolved)
        {
            if (_automaton.Nfa.Sets[_nodes[node].Argument].Contains(value))
            {
                Reach(_nodes[node].Next, next, NoSymbol);
            }
        }

        for (var i = 0; i < _automaton.Patterns; i++)
        {
            if (!_automaton.Nfa.StartAnchored[i])
            {
                Reach(_automaton.Nfa.Starts[i], next, NoSymbol);
            }
        }

        Finish();
    }

    private void Begin(DfaContext context)
    {
        _round++;
        _count = 0;
        Context = context;
        Accepts = 0;
    }

    private void Finish()
    {
        if (_areKept)
        {
            _result.AsSpan(0, _count).Sort();
        }
    }

    private void Reach(int entry, DfaContext context, int symbol)
    {
        var depth = 0;
        _stack[depth++] = entry;
        while (depth > 0)
        {
            var at = _stack[--depth];
            if (_visited[at] == _round)
            {
                continue;
            }

            _visited[at] = _round;
            ref readonly var node = ref _nodes[at];
            switch (node.Op)
            {
                case NfaOp.Bytes:
                    _result[_count++] = at;
                    break;
                case NfaOp.Split:
                    _stack[depth++] = node.Argument;
                    _stack[depth++] = node.Next;
                    break;
                case NfaOp.Match:
                    Accepts |= 1UL << node.Argument;
                    break;
                default:
                    switch (Holds((AnchorKind)node.Argument, context, symbol))
                    {
                        case true:
                            _stack[depth++] = node.Next;
                            break;
                        case null:
                            _result[_count++] = at;
                            break;
                    }

                    break;
            }
        }
    }

    /// <summary>Whether an anchor holds; null while it depends on a symbol that is not there yet.</summary>
    private bool? Holds(AnchorKind kind, DfaContext context, int symbol)
    {
        var isEnd = symbol == _automaton.EndSymbol;
        switch (kind)
        {
            case AnchorKind.Start:
                return context == DfaContext.Start;
            case AnchorKind.LineStart when context == DfaContext.Start:
                return true;
            case AnchorKind.LineStart when context != DfaContext.Line:
                return false;
        }

        if (symbol == NoSymbol)
        {
            return null;
        }

        switch (kind)
        {
            case AnchorKind.LineStart:
                return !isEnd;
            case AnchorKind.End:
                return isEnd;
            case AnchorKind.EndOrFinalNewline:
                return isEnd || symbol == _automaton.FinalNewlineSymbol;
            case AnchorKind.LineEnd:
                return isEnd || ByteOf(symbol) == '\n';
            default:
                var changes = (context == DfaContext.Word) != (!isEnd && Automaton.IsWord(ByteOf(symbol)));
                return changes == (kind == AnchorKind.WordBoundary);
        }
    }

    private byte ByteOf(int symbol) =>
        symbol == _automaton.FinalNewlineSymbol ? (byte)'\n' : _automaton.ClassBytes[symbol];

    private DfaContext ContextOf(byte value)
    {
        if (_automaton.SeesWords && Automaton.IsWord(value))
        {
            return DfaContext.Word;
        }

        return _automaton.SeesLines && value == '\n' ? DfaContext.Line : DfaContext.Other;
    }
}
