using SensorGateway.Pipeline.Detection.Automata;

namespace SensorGateway.Pipeline.Detection.Inspecting;

/// <summary>The automata to run on one payload, taken four at a time. Owner: one detector.</summary>
/// <param name="runsMax">Most automata per payload.</param>
internal sealed class LaneBatch(int runsMax)
{
    private readonly LazyDfa?[] _dfas = new LazyDfa?[runsMax + AutomatonLanes.Count];
    private readonly int[] _tags = new int[runsMax];
    private readonly int[] _froms = new int[runsMax];
    private readonly ulong[] _accepted = new ulong[runsMax + AutomatonLanes.Count];

    // Fills a lane that has nothing to run: without patterns it parks at once.
    private readonly LazyDfa _idle = new(new Automaton(new NfaBuilder(0).Build()), bytesMax: 1 << 10);

    /// <summary>Automata added.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets the payload before.</summary>
    public void Reset() => Count = 0;

    /// <summary>Adds an automaton.</summary>
    /// <param name="dfa">What to run.</param>
    /// <param name="tag">Given back by <see cref="TagOf"/>.</param>
    /// <param name="from">No match begins before this; the run may begin earlier.</param>
    public void Add(LazyDfa dfa, int tag, int from)
    {
        _dfas[Count] = dfa;
        _tags[Count] = tag;
        _froms[Count] = from;
        Count++;
    }

    /// <summary>Runs all.</summary>
    /// <returns>How many of them had to drop their states.</returns>
    public long Run(ReadOnlySpan<byte> payload)
    {
        var flushes = -FlushesSoFar();
        for (var first = 0; first < Count; first += AutomatonLanes.Count)
        {
            var lanes = Math.Min(AutomatonLanes.Count, Count - first);
            if (lanes == 1)
            {
                _accepted[first] = _dfas[first]!.Run(payload, _froms[first]);
                continue;
            }

            var from = _froms[first];
            for (var lane = 1; lane < lanes; lane++)
            {
                from = Math.Min(from, _froms[first + lane]);
            }

            _dfas.AsSpan(first + lanes, AutomatonLanes.Count - lanes).Fill(_idle);
            AutomatonLanes.Run(_dfas.AsSpan(first, AutomatonLanes.Count)!, payload, from, _accepted.AsSpan(first, AutomatonLanes.Count));
        }

        return flushes + FlushesSoFar();
    }

    private long FlushesSoFar()
    {
        var flushes = 0L;
        foreach (var dfa in _dfas.AsSpan(0, Count))
        {
            flushes += dfa!.Flushes;
        }

        return flushes;
    }

    /// <summary>Tag of the automaton added as number <paramref name="run"/>.</summary>
    public int TagOf(int run) => _tags[run];

    /// <summary>Bit per pattern that it accepted.</summary>
    public ulong AcceptedBy(int run) => _accepted[run];
}
