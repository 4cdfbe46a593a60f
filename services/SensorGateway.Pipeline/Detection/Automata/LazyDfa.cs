namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>
/// Determinises an automaton while payloads pass: only states that traffic reaches exist. Owner: one detector.
/// </summary>
/// <remarks>
/// A state is named by the place of its row in the table. Stored negated it asks for attention: it accepts, or nothing
/// can match any more. So the inner loop has one test per byte. States in which no attempt to match is under way come
/// first in the table, so that one comparison tells them.
/// </remarks>
internal sealed class LazyDfa
{
    /// <summary>State that every symbol leaves as it is: nothing more can match.</summary>
    internal const int Parked = StateStore.FirstRow;

    private const int NoState = 0; // No row begins there.

    private FlushRate _rate;
    private NfaWalk? _walk;      // In use.
    private NfaWalk? _spareWalk; // Made when first needed.

    private readonly StateStore _states;
    private readonly int[] _starts = new int[4]; // By context.
    private readonly List<IdleState> _idle = [];
    private readonly DfaBuilder _builder;
    private readonly int _symbols;
    private readonly ulong _all;
    private readonly bool _mayDie; // Without nodes nothing can match any more; else a later line may begin a match.

    /// <param name="automaton">What to run.</param>
    /// <param name="bytesMax">When the states take more, all are dropped and built anew.</param>
    public LazyDfa(Automaton automaton, int bytesMax)
    {
        Automaton = automaton;
        _symbols = automaton.Symbols;
        _mayDie = automaton.Nfa.StartAnchored.All(anchored => anchored);
        _states = new StateStore(automaton.ClassOf, _symbols, bytesMax);
        _builder = new DfaBuilder(automaton);
        _all = automaton.Patterns == 64 ? ulong.MaxValue : (1UL << automaton.Patterns) - 1;
        foreach (var context in ContextsSeen(automaton))
        {
            _builder.BuildStart(context);
            _idle.Add(new IdleState(context, _builder.Nodes.ToArray(), _builder.Accepts));
        }

        AddIdleStates();
    }

    /// <summary>What it runs.</summary>
    public Automaton Automaton { get; }

    /// <summary>How often the states were dropped for want of room.</summary>
    public long Flushes { get; private set; }

    /// <summary>
    /// True while it keeps no states, because it had to drop them too often: each run then goes from node to node, slower
    /// but the same for every payload. It tries again after a long while.
    /// </summary>
    public bool IsGivenUp => _walk is not null;

    /// <summary>States that exist now.</summary>
    public int StateCount => _states.Count;

    /// <summary>Class of each byte, then the rows of transitions; moves when states are added.</summary>
    internal int[] Table => _states.Table;

    /// <summary>
    /// In states below this one no attempt is under way: a match could only begin later. <see cref="Parked"/> is among
    /// them.
    /// </summary>
    internal int IdleEnd { get; private set; }

    /// <summary>Bytes that the states take.</summary>
    public long Bytes => _states.Bytes;

    /// <summary>Table entry of a transition that is not computed yet; keeps the row it belongs to.</summary>
    internal static int UnknownFrom(int row) => int.MinValue + row;

    /// <summary>
    /// Runs over the payload from <paramref name="from"/>, alone and step by step; the byte before it counts as context.
    /// </summary>
    /// <returns>Bit per pattern that matches, or may match where the automaton was widened.</returns>
    public ulong Run(ReadOnlySpan<byte> payload, int from)
    {
        if (_walk is not null)
        {
            return _walk.Run(payload, from, _all, _mayDie);
        }

        var matched = 0UL;
        var state = Enter(payload, from, ref matched);
        return RunOn(payload, from, payload.Length, state, matched);
    }

    /// <summary>Goes on alone with a run that is under way.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="at">The next byte to take.</param>
    /// <param name="until">From here on the run is over once no attempt is under way.</param>
    /// <param name="state">The state before that byte.</param>
    /// <param name="matched">What matched so far.</param>
    public ulong RunOn(ReadOnlySpan<byte> payload, int at, int until, int state, ulong matched)
    {
        for (; at < payload.Length - 1; at++) // The last byte may be another symbol.
        {
            if (state == Parked || (at >= until && state < IdleEnd))
            {
                return matched;
            }

            var next = Table[state + Table[payload[at]]];
            state = next >= 0 ? next : Resolve(next, payload[at], ref matched);
        }

        return Leave(payload, at, state, matched);
    }

    /// <summary>Gives keeping states up when they were dropped too often of late. To be asked after runs with flushes.</summary>
    /// <param name="bytes">What the detector has met so far.</param>
    public void JudgeFlushes(long bytes)
    {
        if (_rate.IsTooHigh(Flushes, bytes))
        {
            _walk ??= _spareWalk ??= new NfaWalk(Automaton);
        }
    }

    /// <summary>Keeps states again, if it was given up long ago.</summary>
    /// <param name="bytes">What the detector has met so far.</param>
    /// <returns>True when it keeps states.</returns>
    public bool TryAgain(long bytes)
    {
        _walk = _rate.IsForgotten(bytes) ? null : _walk;
        return _walk is null;
    }

    /// <summary>The state in which a run from <paramref name="from"/> begins.</summary>
    public int Enter(ReadOnlySpan<byte> payload, int from, ref ulong matched)
    {
        var context = _builder.ContextAfter(payload, from);
        var start = _starts[(int)context];
        if (start == NoState)
        {
            _builder.BuildStart(context);
            start = Intern();
            _starts[(int)context] = start; // Only now: making room for the state may have emptied the list.
        }

        return start >= 0 ? start : Attend(start, ref matched);
    }

    /// <summary>Where a transition that is unknown or asks for attention leads.</summary>
    /// <param name="entry">The negative entry found in the table.</param>
    /// <param name="value">The byte that led to it.</param>
    /// <param name="matched">Takes what the state accepts.</param>
    public int Resolve(int entry, byte value, ref ulong matched) => Follow(entry, Automaton.ClassOf[value], ref matched);

    /// <summary>Takes the payload's last byte and its end.</summary>
    public ulong Leave(ReadOnlySpan<byte> payload, int from, int state, ulong matched)
    {
        if (from < payload.Length)
        {
            var last = payload[^1];
            var symbol = last == '\n' && Automaton.SeesFinalNewline
                ? Automaton.FinalNewlineSymbol
                : Automaton.ClassOf[last];
            state = Take(state, symbol, ref matched);
        }

        Take(state, Automaton.EndSymbol, ref matched);
        return matched;
    }

    private int Take(int state, int symbol, ref ulong matched)
    {
        var next = Table[state + symbol];
        return next >= 0 ? next : Follow(next, symbol, ref matched);
    }

    private int Follow(int entry, int symbol, ref ulong matched)
    {
        if (entry < int.MinValue / 2)
        {
            entry = Step(entry - int.MinValue, symbol);
        }

        return entry >= 0 ? entry : Attend(entry, ref matched);
    }

    /// <summary>Notes what a state accepts; parks the run when nothing more can come of it.</summary>
    private int Attend(int marked, ref ulong matched)
    {
        var state = ~marked;
        var info = _states.InfoOf(state);
        matched |= info.Accepts;
        return matched == _all || (_mayDie && info.NodeCount == 0) ? Parked : state;
    }

    private int Step(int state, int symbol)
    {
        var info = _states.InfoOf(state);
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
        var row = _states.Find(_builder.Nodes, _builder.Context, _builder.Accepts);
        if (row < 0)
        {
            if (!_states.HasRoom(_builder.Nodes.Length))
            {
                _states.Clear();
                AddIdleStates();
                Flushes++;
            }

            // Found now only if it is an idle state and the table was just emptied.
            row = _states.Find(_builder.Nodes, _builder.Context, _builder.Accepts);
            if (row < 0)
            {
                row = _states.Add(_builder.Nodes, _builder.Context, _builder.Accepts);
            }
        }

        return Marked(row, _builder.Accepts, _builder.Nodes.Length);
    }

    private void AddIdleStates()
    {
        _starts.AsSpan().Clear();
        foreach (var idle in _idle)
        {
            var row = _states.Add(idle.Nodes, idle.Context, idle.Accepts);
            _starts[(int)idle.Context] = Marked(row, idle.Accepts, idle.Nodes.Length);
        }

        IdleEnd = _states.RowsEnd;
        _states.Reserved = _states.Count;
    }

    private int Marked(int row, ulong accepts, int nodes) => accepts != 0 || (_mayDie && nodes == 0) ? ~row : row;

    private static IEnumerable<DfaContext> ContextsSeen(Automaton automaton)
    {
        yield return DfaContext.Other;
        if (automaton.SeesLines)
        {
            yield return DfaContext.Line;
        }

        if (automaton.SeesWords)
        {
            yield return DfaContext.Word;
        }
    }

    /// <summary>The state between attempts, after one kind of byte.</summary>
    private readonly record struct IdleState(DfaContext Context, int[] Nodes, ulong Accepts);
}
