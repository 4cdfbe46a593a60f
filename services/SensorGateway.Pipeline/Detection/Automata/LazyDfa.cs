using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>Determinises an automaton while payloads pass: only states that traffic reaches exist. Owner: one detector.</summary>
/// <remarks>
/// A state is named by the place of its row in the table. Stored negated it asks for attention: it accepts, or nothing
/// can match any more. So the inner loop has one test per byte.
/// </remarks>
internal sealed class LazyDfa
{
    /// <summary>Row entry that is not computed yet.</summary>
    internal const int Unknown = int.MinValue;

    private readonly StateStore _states;
    private readonly int[] _starts = [Unknown, Unknown, Unknown, Unknown];
    private readonly DfaBuilder _builder;
    private readonly byte[] _classOf;
    private readonly int _symbols;
    private readonly ulong _all;
    private readonly bool _mayDie; // Without nodes nothing can match any more; otherwise a later line may begin a match.

    /// <param name="automaton">What to run.</param>
    /// <param name="bytesMax">When the states take more, all are dropped and built anew.</param>
    public LazyDfa(Automaton automaton, int bytesMax)
    {
        Automaton = automaton;
        _classOf = automaton.ClassOf;
        _symbols = automaton.Symbols;
        _mayDie = automaton.Nfa.StartAnchored.All(anchored => anchored);
        _states = new StateStore(_symbols, bytesMax);
        _builder = new DfaBuilder(automaton);
        _all = automaton.Patterns == 64 ? ulong.MaxValue : (1UL << automaton.Patterns) - 1;
    }

    /// <summary>What it runs.</summary>
    public Automaton Automaton { get; }

    /// <summary>How often the states were dropped for want of room.</summary>
    public long Flushes { get; private set; }

    /// <summary>States that exist now.</summary>
    public int StateCount => _states.Count;

    /// <summary>Bytes that the states take.</summary>
    public long Bytes => _states.Bytes;

    /// <summary>Runs over the payload from <paramref name="from"/>; the byte before it counts as context.</summary>
    /// <returns>Bit per pattern that matches, or may match where the automaton was widened.</returns>
    public ulong Run(ReadOnlySpan<byte> payload, int from)
    {
        var matched = 0UL;
        var state = Start(payload, from);
        if (state < 0 && !Enter(ref state, ref matched))
        {
            return matched;
        }

        var at = from;
        var body = payload.Length - 1; // The last byte may be another symbol.
        while (at < body)
        {
            var next = Skim(payload, ref at, state, body, out state);
            if (next == Unknown)
            {
                next = Step(state, _classOf[payload[at]]);
            }
            else if (next >= 0)
            {
                break; // Came to the end without event.
            }

            at++;
            state = next;
            if (next < 0 && !Enter(ref state, ref matched))
            {
                return matched;
            }
        }

        if (from <= body && body >= 0)
        {
            var last = payload[body];
            var symbol = last == '\n' && Automaton.SeesFinalNewline ? Automaton.FinalNewlineSymbol : _classOf[last];
            if (!Take(symbol, ref state, ref matched))
            {
                return matched;
            }
        }

        Take(Automaton.EndSymbol, ref state, ref matched);
        return matched;
    }

    /// <summary>Follows known, quiet transitions. Returns the entry it stopped at; its state is in <paramref name="last"/>.</summary>
    private int Skim(ReadOnlySpan<byte> payload, ref int at, int state, int end, out int last)
    {
        ref var text = ref MemoryMarshal.GetReference(payload);
        ref var table = ref MemoryMarshal.GetArrayDataReference(_states.Table);
        ref var classOf = ref MemoryMarshal.GetArrayDataReference(_classOf);
        var i = at;
        var next = state;
        while (i < end)
        {
            next = Unsafe.Add(ref table, state + Unsafe.Add(ref classOf, Unsafe.Add(ref text, i)));
            if (next < 0)
            {
                break;
            }

            state = next;
            i++;
        }

        at = i;
        last = state;
        return next;
    }

    private bool Take(int symbol, ref int state, ref ulong matched)
    {
        var next = _states.Table[state + symbol];
        if (next == Unknown)
        {
            next = Step(state, symbol);
        }

        state = next;
        return next >= 0 || Enter(ref state, ref matched);
    }

    /// <summary>Handles a state that asks for attention. False when nothing more can come of this run.</summary>
    private bool Enter(ref int state, ref ulong matched)
    {
        state = ~state;
        var info = _states.InfoOf(state / _symbols);
        matched |= info.Accepts;
        return (info.NodeCount != 0 || !_mayDie) && matched != _all;
    }

    private int Start(ReadOnlySpan<byte> payload, int from)
    {
        var context = _builder.ContextAfter(payload, from);
        ref var start = ref _starts[(int)context];
        if (start == Unknown)
        {
            _builder.BuildStart(context);
            var built = Intern(); // May flush, which empties the list of starts: assign afterwards.
            start = built;
        }

        return start;
    }

    private int Step(int state, int symbol)
    {
        var info = _states.InfoOf(state / _symbols);
        var flushes = Flushes;
        _builder.BuildNext(_states.NodesOf(info), info.Context, symbol);
        var next = Intern();
        if (flushes == Flushes)
        {
            _states.Table[state + symbol] = next;
        }

        return next;
    }

    private int Intern()
    {
        var found = _states.Find(_builder.Nodes, _builder.Context, _builder.Accepts);
        if (found < 0)
        {
            if (!_states.HasRoom(_builder.Nodes.Length))
            {
                _states.Clear();
                _starts.AsSpan().Fill(Unknown);
                Flushes++;
            }

            found = _states.Add(_builder.Nodes, _builder.Context, _builder.Accepts);
        }

        var row = found * _symbols;
        return _builder.Accepts != 0 || (_mayDie && _builder.Nodes.Length == 0) ? ~row : row;
    }
}
