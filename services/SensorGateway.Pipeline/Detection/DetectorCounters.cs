namespace SensorGateway.Pipeline.Detection;

/// <summary>
/// What one detector has done. It alone writes; others may read any time and see values at most slightly old.
/// </summary>
/// <remarks>Plain 64-bit cells: aligned 64-bit stores are never torn on the platforms we run on.</remarks>
public sealed class DetectorCounters
{
    private MatchCells _matches;

    internal DetectorCounters(MatchCells matches) => _matches = matches;

    /// <summary>Payloads inspected.</summary>
    public long Payloads { get; internal set; }

    /// <summary>Verdicts taken from the cache.</summary>
    public long CacheHits { get; internal set; }

    /// <summary>Payloads looked for in the cache in vain.</summary>
    public long CacheMisses { get; internal set; }

    /// <summary>Regex terms that a literal made candidates.</summary>
    public long LiteralCandidates { get; internal set; }

    /// <summary>Automata run, groups included.</summary>
    public long AutomatonRuns { get; internal set; }

    /// <summary>Times an automaton dropped its states for want of room.</summary>
    public long AutomatonFlushes { get; internal set; }

    /// <summary>
    /// Automata run without keeping states, because they had to drop them too often: the slow lane.
    /// </summary>
    public long SlowLaneRuns { get; internal set; }

    /// <summary>Groups of rules without a literal that were split because their states grew too many.</summary>
    public long GroupSplits { get; internal set; }

    /// <summary>.NET regexes run.</summary>
    public long RegexRuns { get; internal set; }

    /// <summary>.NET regexes given up after the match timeout and counted as no match.</summary>
    public long Timeouts { get; internal set; }

    /// <summary>Times a quarantined regex was not run; its term counted as no match.</summary>
    public long QuarantineSkips { get; internal set; }

    /// <summary>Times the place of a match was not found in time; the alert went out without it.</summary>
    public long PlaceTimeouts { get; internal set; }

    /// <summary>SHA-256 digests computed for hash lists and digest terms.</summary>
    public long Digests { get; internal set; }

    /// <summary>Matches per reported rule of the generation in use; starts anew with each.</summary>
    public MatchCells Matches
    {
        get => Volatile.Read(ref _matches);
        internal set => Volatile.Write(ref _matches, value);
    }
}

/// <summary>Matches of each reported rule of one generation.</summary>
public sealed class MatchCells
{
    private readonly long[] _cells;
    private readonly long[] _runs;
    private readonly bool[] _slow;
    private long _inspected;

    internal MatchCells(RuleProgram program)
    {
        Program = program;
        _cells = new long[program.Reported.Length];
        _runs = new long[program.TermCount];
        _slow = new bool[program.TermCount];
    }

    /// <summary>The generation that the cells belong to.</summary>
    public RuleProgram Program { get; }

    /// <summary>Matches per index into <see cref="RuleProgram.Reported"/>.</summary>
    public ReadOnlySpan<long> Cells => _cells;

    /// <summary>Payloads inspected, those answered from the cache left out.</summary>
    public long Inspected => Volatile.Read(ref _inspected);

    /// <summary>How often automata of a rule were run, those that it shares included. May be slightly old.</summary>
    /// <param name="rule">Index into the reported rules.</param>
    public long RunsOf(int rule)
    {
        var runs = 0L;
        foreach (var term in rule < Program.Rules.Rules.Length ? Program.TermsOfRule[rule] : [])
        {
            runs += Program.RunsAlways[term] ? Inspected : Volatile.Read(ref _runs[term]);
        }

        return runs;
    }

    /// <summary>
    /// True when an automaton of the rule was run in the slow lane on some payload of this generation. May be slightly old.
    /// </summary>
    /// <param name="rule">Index into the reported rules.</param>
    public bool IsSlow(int rule)
    {
        foreach (var term in rule < Program.Rules.Rules.Length ? Program.TermsOfRule[rule] : [])
        {
            if (Volatile.Read(ref _slow[term]))
            {
                return true;
            }
        }

        return false;
    }

    internal void MarkSlow(int term) => _slow[term] = true;

    internal void CountInspected() => _inspected++;

    internal void CountRun(int term) => _runs[term]++;

    internal void ClearRuns()
    {
        _inspected = 0;
        _runs.AsSpan().Clear();
    }

    internal void Add(ReadOnlySpan<int> rules)
    {
        foreach (var rule in rules)
        {
            _cells[rule]++;
        }
    }
}
