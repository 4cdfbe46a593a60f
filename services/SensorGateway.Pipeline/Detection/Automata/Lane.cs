namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>One automaton on its way through a payload. Owner: one detector.</summary>
internal struct Lane
{
    /// <summary>What runs.</summary>
    public LazyDfa Dfa;

    /// <summary>The next byte to take.</summary>
    public int At;

    /// <summary>Where to stop and look.</summary>
    public int Stop;

    /// <summary>The state before the next byte; after a skim possibly a negative entry that asks for attention.</summary>
    public int State;

    /// <summary>States below this ask for attention too.</summary>
    public int Limit;

    /// <summary>Where the last match may begin, plus one.</summary>
    public int Until;

    /// <summary>Where to go on when nothing is under way behind <see cref="Until"/>.</summary>
    public int NextWindow;

    /// <summary>Number of what it does among all runs; -1 for nothing.</summary>
    public int Run;

    /// <summary>How often the automaton had dropped its states when <see cref="State"/> was valid.</summary>
    public long Epoch;

    /// <summary>How often it stopped because a state accepts.</summary>
    public int Accepts;

    /// <summary>Bit per pattern that matched so far.</summary>
    public ulong Matched;
}
