using SensorGateway.Pipeline.Detection.Automata;

namespace SensorGateway.Pipeline.Detection.Inspecting;

/// <summary>The automata to run on one payload, four at a time. Owner: one detector.</summary>
/// <remarks>
/// A lane runs while matches may begin, and on from there until no attempt is under way; then it goes on to its next
/// window or takes the next run. With fewer runs than lanes the payload is cut into pieces, and several lanes share one
/// automaton: what begins in a piece is followed beyond its end.
/// </remarks>
/// <param name="windows">Where matches of the candidates may begin.</param>
/// <param name="runsMax">Most automata per payload.</param>
internal sealed class LaneBatch(AttemptWindows windows, int runsMax)
{
    // Stopping all lanes costs as much as dozens of bytes: one that stops for ever the same matches goes on alone.
    private const int AcceptsMax = 24;

    private const int PieceBytesMin = 48; // Shorter pieces cost more to begin than they save.

    private readonly Run[] _runs = new Run[runsMax];
    private readonly Lane[] _lanes = new Lane[AutomatonLanes.Count];

    // Stands in a lane that has nothing to run: without patterns it parks at once.
    private readonly LazyDfa _idle = new(new Automaton(new NfaBuilder(0).Build()), bytesMax: 1 << 10);
    private long _bytesMet;
    private int _active; // Lanes that have something to run.
    private int _nextRun;
    private int _nextPiece;
    private int _pieces; // Per run.

    /// <summary>Automata added.</summary>
    public int Count { get; private set; }

    /// <summary>How many of the last runs were done without keeping states.</summary>
    public int SlowRuns { get; private set; }

    /// <summary>Forgets the payload before.</summary>
    public void Reset() => Count = 0;

    /// <summary>Adds an automaton.</summary>
    /// <param name="dfa">What to run.</param>
    /// <param name="tag">Given back by <see cref="TagOf"/>.</param>
    /// <param name="window">Where matches may begin.</param>
    public void Add(LazyDfa dfa, int tag, in AttemptWindows.Window window) => _runs[Count++] = new Run(dfa, tag, window);

    /// <summary>Tag of the automaton added as number <paramref name="run"/>.</summary>
    public int TagOf(int run) => _runs[run].Tag;

    /// <summary>True when the automaton added as number <paramref name="run"/> keeps no states at present.</summary>
    public bool IsSlow(int run) => _runs[run].Dfa.IsGivenUp;

    /// <summary>Bit per pattern that it accepted.</summary>
    public ulong AcceptedBy(int run) => _runs[run].Accepted;

    /// <summary>Runs all.</summary>
    /// <returns>How many times one of them had to drop its states.</returns>
    public long RunAll(ReadOnlySpan<byte> payload)
    {
        var flushes = -FlushesSoFar();
        _bytesMet += payload.Length;
        _nextRun = 0;
        _nextPiece = 0;
        _active = AutomatonLanes.Count;
        _pieces = Math.Clamp(Math.Min(AutomatonLanes.Count / Count, payload.Length / PieceBytesMin), 1, AutomatonLanes.Count);
        foreach (ref var lane in _lanes.AsSpan())
        {
            Refill(ref lane, payload);
        }

        while (_active > 0)
        {
            var steps = int.MaxValue;
            foreach (ref var lane in _lanes.AsSpan())
            {
                steps = Math.Min(steps, lane.Stop - lane.At);
            }

            AutomatonLanes.Skim(_lanes, payload, steps);
            foreach (ref var lane in _lanes.AsSpan())
            {
                if (lane.State < lane.Limit || lane.At == lane.Stop)
                {
                    Attend(ref lane, payload);
                }
            }
        }

        SlowRuns = 0;
        foreach (ref var run in _runs.AsSpan(0, Count))
        {
            if (run.MustRepeat)
            {
                SlowRuns += run.Dfa.IsGivenUp ? 1 : 0;
                run.Accepted |= run.Dfa.Run(payload, run.Window.From);
            }
        }

        flushes += FlushesSoFar();
        if (flushes != 0)
        {
            foreach (ref var run in _runs.AsSpan(0, Count))
            {
                run.Dfa.JudgeFlushes(_bytesMet);
            }
        }

        return flushes;
    }

    private long FlushesSoFar()
    {
        var flushes = 0L;
        foreach (ref var run in _runs.AsSpan(0, Count))
        {
            flushes += run.Dfa.Flushes;
        }

        return flushes;
    }

    /// <summary>Brings a lane that stopped to where it has bytes to take again.</summary>
    private void Attend(ref Lane lane, ReadOnlySpan<byte> payload)
    {
        if (lane.Run < 0)
        {
            lane.At = 0; // A lane without a run looks at the same bytes again and again.
            return;
        }

        if (lane.Epoch != lane.Dfa.Flushes)
        {
            // Another lane made room for its states, and this one's are gone. Rare: the whole run is done again.
            _runs[lane.Run].MustRepeat = true;
            Refill(ref lane, payload);
            return;
        }

        if (lane.State < 0)
        {
            lane.Accepts++;
            lane.State = lane.Dfa.Resolve(lane.State, payload[lane.At - 1], ref lane.Matched);
            lane.Epoch = lane.Dfa.Flushes;
        }

        if (CanGoOn(ref lane, payload))
        {
            if (lane.Accepts <= AcceptsMax || lane.NextWindow != AttemptWindows.None)
            {
                return;
            }

            lane.Matched = lane.Dfa.RunOn(payload, lane.At, lane.Until, lane.State, lane.Matched);
        }

        _runs[lane.Run].Accepted |= lane.Matched;
        Refill(ref lane, payload);
    }

    /// <summary>Gives a lane the next run, or a piece of one; runs that end at once are done on the spot.</summary>
    private void Refill(ref Lane lane, ReadOnlySpan<byte> payload)
    {
        while (_nextRun < Count)
        {
            ref var run = ref _runs[_nextRun];
            if (run.Dfa.IsGivenUp && !run.Dfa.TryAgain(_bytesMet))
            {
                run.MustRepeat = true;
                (_nextRun, _nextPiece) = (_nextRun + 1, 0);
                continue;
            }

            lane = new Lane { Dfa = run.Dfa, Run = _nextRun };
            var window = run.Window;
            if (window.Next == AttemptWindows.None && _pieces > 1)
            {
                var length = window.Until - window.From;
                lane.At = window.From + length * _nextPiece / _pieces;
                lane.Until = window.From + length * (_nextPiece + 1) / _pieces;
                lane.NextWindow = AttemptWindows.None;
                _nextPiece = (_nextPiece + 1) % _pieces;
                _nextRun += _nextPiece == 0 ? 1 : 0;
            }
            else
            {
                (lane.At, lane.Until, lane.NextWindow) = (window.From, window.Until, window.Next);
                _nextRun++;
            }

            lane.State = lane.Dfa.Enter(payload, lane.At, ref lane.Matched);
            lane.Epoch = lane.Dfa.Flushes;
            if (CanGoOn(ref lane, payload))
            {
                return;
            }

            _runs[lane.Run].Accepted |= lane.Matched;
        }

        _active--;
        lane = new Lane { Dfa = _idle, State = LazyDfa.Parked, Run = -1, Stop = payload.Length };
    }

    /// <summary>
    /// Sets where a lane stops next, going on to its next window when nothing is under way; false when it is done.
    /// </summary>
    private bool CanGoOn(ref Lane lane, ReadOnlySpan<byte> payload)
    {
        if (lane.State == LazyDfa.Parked)
        {
            return false;
        }

        var body = payload.Length - 1; // The last byte may be another symbol.
        while (lane.At >= lane.Until)
        {
            if (lane.State >= lane.Dfa.IdleEnd)
            {
                lane.Limit = lane.Dfa.IdleEnd;
                break;
            }

            if (lane.NextWindow == AttemptWindows.None)
            {
                return false;
            }

            Enter(ref lane, windows[lane.NextWindow], payload);
        }

        if (lane.At < body)
        {
            lane.Stop = lane.Limit != 0 ? body : Math.Min(lane.Until, body);
            return true;
        }

        lane.Matched = lane.Dfa.Leave(payload, lane.At, lane.State, lane.Matched);
        return false;
    }

    private static void Enter(ref Lane lane, in AttemptWindows.Window window, ReadOnlySpan<byte> payload)
    {
        lane.NextWindow = window.Next;
        lane.Until = window.Until;
        lane.Limit = 0;
        if (window.From > lane.At)
        {
            lane.At = window.From;
            lane.State = lane.Dfa.Enter(payload, window.From, ref lane.Matched);
            lane.Epoch = lane.Dfa.Flushes;
        }
    }

    /// <summary>One automaton to run.</summary>
    private struct Run(LazyDfa dfa, int tag, in AttemptWindows.Window window)
    {
        public readonly LazyDfa Dfa = dfa;
        public readonly int Tag = tag;
        public readonly AttemptWindows.Window Window = window;
        public ulong Accepted;
        public bool MustRepeat;
    }
}
