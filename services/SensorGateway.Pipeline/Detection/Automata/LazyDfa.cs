using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>
/// Determinises an automaton while payloads pass: only states that traffic reaches exist. Owner: one detector.
/// </summary>
/// <remarks>
/// A state is named by the place of its row in the table. Stored negated it asks for attention: it accepts, or nothing
/// can match any more. So the inner loop has one test per byte.
/// </remarks>
internal sealed class LazyDfa
{
    /// <summary>Row entry that is not computed yet.</summary>
    internal const int Unknown = int.MinValue;

    /// <summary>State that every symbol leaves as it is: nothing more can match.</summary>
    internal const int Parked = 0;

    private readonly StateStore _states;
    private readonly int[] _starts = [Unknown, Unknown, Unknown, Unknown];
    private readonly DfaBuilder _builder;
    private readonly byte[] _classOf;
    private readonly int _symbols;
    private readonly ulong _all;
    private readonly bool _mayDie; // Without nodes nothing can match any more; else a later line may begin a match.

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

    /// <summary>Transitions; moves when states are added.</summary>
    internal int[] Table => _states.Table;

    /// <summary>Bytes that the states take.</summary>
    public long Bytes => _states.Bytes;

    /// <summary>Runs over the payload from <paramref name="from"/>; the byte before it counts as context.</summary>
    /// <returns>Bit per pattern that matches, or may match where the automaton was widened.</returns>
    public ulong Run(ReadOnlySpan<byte> payload, int from)
    {
        var matched = 0UL;
        var state = Enter(payload, from, ref matched);
        var body = payload.Length - 1; // The last byte may be another symbol.
        for (var at = from; state != Parked && at < body; at++)
        {
            var next = Skim(payload, ref at, state, body, out state);
            if (next >= 0)
            {
                break; // Came to the end without event.
            }

            state = Resolve(state, payload[at], next, ref matched);
        }

        return Leave(payload, from, state, matched);
    }

    /// <summary>The state in which a run from <paramref name="from"/> begins.</summary>
    public int Enter(ReadOnlySpan<byte> payload, int from, ref ulong matched)
    {
        var context = _builder.ContextAfter(payload, from);
        var start = _starts[(int)context];
        if (start == Unknown)
        {
            _builder.BuildStart(context);
            start = Intern();
            _starts[(int)context] = start; // Only now: making room for the state may have emptied the list.
        }

        return start >= 0 ? start : Attend(start, ref matched);
    }

    /// <summary>Where a transition that is unknown or asks for attention leads.</summary>
    public int Resolve(int state, byte value, int entry, ref ulong matched) =>
        Resolve(state, (int)_classOf[value], entry, ref matched);

    /// <summary>Takes the payload's last byte and its end.</summary>
    public ulong Leave(ReadOnlySpan<byte> payload, int from, int state, ulong matched)
    {
        if (from < payload.Length)
        {
            var last = payload[^1];
            var symbol = last == '\n' && Automaton.SeesFinalNewline ? Automaton.FinalNewlineSymbol : _classOf[last];
            state = Take(state, symbol, ref matched);
        }

        Take(state, Automaton.EndSymbol, ref matched);
        return matched;
    }

    /// <summary>
    /// Follows known, quiet transitions. Returns the entry it stopped at; its state is in <paramref name="last"/>.
    /// </summary>
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

    private int Take(int state, int symbol, ref ulong matched)
    {
        var next = _states.Table[state + symbol];
        return next >= 0 ? next : Resolve(state, symbol, next, ref matched);
    }

    private int Resolve(int state, int symbol, int entry, ref ulong matched)
    {
        if (entry == Unknown)
        {
            entry = Step(state, symbol);
        }

        return entry >= 0 ? entry : Attend(entry, ref matched);
    }

    /// <summary>Notes what a state accepts; parks the run when nothing more can come of it.</summary>
    private int Attend(int marked, ref ulong matched)
    {
        var state = ~marked;
        var info = _states.InfoOf(state / _symbols);
        matched |= info.Accepts;
        return matched == _all || (_mayDie && info.NodeCount == 0) ? Parked : state;
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
