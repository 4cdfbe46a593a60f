using System.Numerics;
using System.Text.RegularExpressions;
using SensorGateway.Pipeline.Detection.Automata;
using SensorGateway.Pipeline.Detection.Compilation;
using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Pipeline.Detection.Regexes;

namespace SensorGateway.Pipeline.Detection.Inspecting;

/// <summary>Takes what a view sees of a payload through literals, automata and regexes. Owner: one detector.</summary>
internal sealed class ViewInspector
{
    /// <summary>Windows beyond the first of each plan, for all plans of a view together.</summary>
    public const int FurtherWindowsMax = 1024;

    private readonly ViewProgram _program;
    private readonly TermStates _terms;
    private readonly MatchCells _cells;
    private readonly WidenedPayload _widened;
    private readonly LazyDfa?[] _dfas;
    private readonly GroupRunner _groups;
    private readonly LaneBatch _batch;
    private readonly int _dfaBytesMax;
    private readonly uint[] _literalSeen;
    private readonly uint[] _literalSettled;
    private readonly uint[] _planSeen;
    private readonly int[] _planHits;
    private readonly AttemptWindows _windows;
    private readonly int[] _candidates;
    private uint _round;
    private int _candidateCount;
    private int _payloadBytes;

    /// <param name="program">What to look for.</param>
    /// <param name="options">How.</param>
    /// <param name="terms">Takes what is found.</param>
    /// <param name="cells">Takes how often terms had to be confirmed.</param>
    /// <param name="widened">Shared by all views of a detector, which take turns.</param>
    public ViewInspector(
        ViewProgram program, DetectionOptions options, TermStates terms, MatchCells cells, WidenedPayload widened)
    {
        _program = program;
        _terms = terms;
        _cells = cells;
        _widened = widened;
        _dfas = new LazyDfa?[program.Plans.Length];
        _literalSeen = new uint[program.Literals.Count];
        _literalSettled = new uint[program.Literals.Count];
        _planSeen = new uint[program.Plans.Length];
        _planHits = new int[program.Plans.Length];
        _windows = new AttemptWindows(program.Plans.Length, FurtherWindowsMax);
        _candidates = new int[program.Plans.Length];
        _dfaBytesMax = 4 * options.AutomatonBytesMax; // One pattern cannot be split.
        _batch = new LaneBatch(_windows, program.Plans.Length);
        _groups = new GroupRunner(program.Groups, options.AutomatonBytesMax);
    }

    /// <summary>The automata that several terms share, as far as they still do.</summary>
    public GroupRunner Groups => _groups;

    /// <summary>A plan's own automaton.</summary>
    public LazyDfa DfaOf(int plan) => _dfas[plan] ??= new LazyDfa(_program.Plans[plan].Automaton, _dfaBytesMax);

    /// <summary>How often a plan's own automaton had to start over.</summary>
    public long FlushesOf(int plan) => _dfas[plan]?.Flushes ?? 0;

    /// <summary>True when a plan's own automaton is run without keeping states at present.</summary>
    public bool IsSlow(int plan) => _dfas[plan]?.IsGivenUp ?? false;

    /// <summary>
    /// True while rules are warmed and priced. A regex that then does not end in time earns no strike: running workers
    /// share it, and quarantine is for what real payloads do.
    /// </summary>
    public bool IsRehearsing { get; set; } = true;

    /// <summary>Finds out which of its terms are true.</summary>
    /// <param name="payload">The bytes of the view.</param>
    /// <param name="counters">Takes what was done.</param>
    public void Inspect(ReadOnlySpan<byte> payload, DetectorCounters counters)
    {
        Begin(payload.Length);
        var sink = new Sink(this);
        _program.Scanner.Scan(payload, ref sink);
        counters.LiteralCandidates += _candidateCount;
        foreach (var plan in _candidates.AsSpan(0, _candidateCount))
        {
            AddToBatch(plan, payload);
        }

        RunBatch(payload, counters);
    }

    private void Begin(int payloadBytes)
    {
        _payloadBytes = payloadBytes;
        _widened.Reset();
        _batch.Reset();
        _windows.Reset();
        _candidateCount = 0;
        if (++_round == 0)
        {
            _literalSeen.AsSpan().Clear();
            _literalSettled.AsSpan().Clear();
            _planSeen.AsSpan().Clear();
            _round = 1;
        }
    }

    private void Found(int literal, int start)
    {
        _literalSeen[literal] = _round;
        var isSettled = true;
        foreach (var action in _program.Actions.ByLiteral[literal])
        {
            if (action >= 0)
            {
                _terms.SetTrue(action);
            }
            else
            {
                isSettled &= AddCandidate(~action, start);
            }
        }

        if (isSettled)
        {
            _literalSettled[literal] = _round;
        }
    }

    /// <returns>True when the plan will look at all that follows, so that further places of the literal add nothing.</returns>
    private bool AddCandidate(int number, int start)
    {
        var plan = _program.Plans[number];
        var isNew = _planSeen[number] != _round;
        var hits = isNew ? 1 : _planHits[number] + 1;
        _planHits[number] = hits;
        var from = Math.Max(0, start - plan.BytesBeforeTrigger);
        var takesRest = !plan.EndsAttempts || AttemptWindows.AreMany(hits, _payloadBytes - start);
        var until = takesRest ? _payloadBytes : start + 1;
        if (isNew)
        {
            _planSeen[number] = _round;
            _windows.Open(number, from, until);
            _candidates[_candidateCount++] = number;
        }
        else
        {
            _windows.Add(number, from, until);
        }

        return takesRest;
    }

    private void AddToBatch(int number, ReadOnlySpan<byte> payload)
    {
        var plan = _program.Plans[number];
        ref readonly var window = ref _windows[number];
        if ((window.From == 0 || !plan.IsStartAnchored) && GuardHolds(plan, payload)
            && _windows.TryNarrow(number, plan.Filter, payload))
        {
            _cells.CountRun(plan.Term);
            _batch.Add(DfaOf(number), number, window);
        }
    }

    private void RunBatch(ReadOnlySpan<byte> payload, DetectorCounters counters)
    {
        _groups.AddTo(_batch, payload.Length);
        if (_batch.Count == 0)
        {
            return;
        }

        counters.AutomatonRuns += _batch.Count;
        var flushes = _batch.RunAll(payload);
        if (flushes != 0)
        {
            counters.AutomatonFlushes += flushes;
        }

        if (_batch.SlowRuns != 0)
        {
            counters.SlowLaneRuns += _batch.SlowRuns;
            NameSlowTerms();
        }

        for (var run = 0; run < _batch.Count; run++)
        {
            var accepted = _batch.AcceptedBy(run);
            var tag = _batch.TagOf(run);
            if (tag >= 0 && accepted != 0)
            {
                Decide(_program.Plans[tag], payload, counters);
            }
            else if (accepted != 0)
            {
                DecideGroup(_groups.PlansOf(~tag), accepted, payload, counters);
            }
        }

        if (flushes != 0)
        {
            counters.GroupSplits += _groups.SplitLargeOnes();
        }
    }

    private void NameSlowTerms()
    {
        for (var run = 0; run < _batch.Count; run++)
        {
            if (!_batch.IsSlow(run))
            {
                continue;
            }

            var tag = _batch.TagOf(run);
            foreach (var plan in tag >= 0 ? new ReadOnlySpan<int>(ref tag) : _groups.PlansOf(~tag))
            {
                _cells.MarkSlow(_program.Plans[plan].Term);
            }
        }
    }

    private void DecideGroup(int[] plans, ulong accepted, ReadOnlySpan<byte> payload, DetectorCounters counters)
    {
        for (; accepted != 0; accepted &= accepted - 1)
        {
            var plan = _program.Plans[plans[BitOperations.TrailingZeroCount(accepted)]];
            if (GuardHolds(plan, payload))
            {
                Decide(plan, payload, counters);
            }
        }
    }

    private bool GuardHolds(RegexPlan plan, ReadOnlySpan<byte> payload)
    {
        foreach (var guard in plan.Guards)
        {
            if (_literalSeen[guard] == _round || _program.Literals.IndexIn(guard, payload) >= 0)
            {
                return true;
            }
        }

        return plan.Guards.IsEmpty;
    }

    /// <summary>The automaton accepted: true where it is exact, otherwise the regex has the last word.</summary>
    private void Decide(RegexPlan plan, ReadOnlySpan<byte> payload, DetectorCounters counters)
    {
        if (plan.Regex is null)
        {
            _terms.SetTrue(plan.Term);
            return;
        }

        // A rehearsal gives all regexes together what work gives each: one bad rule must not draw it out for minutes.
        if (plan.Regex.IsQuarantined || (IsRehearsing && counters.Timeouts >= RegexSlot.StrikesMax))
        {
            counters.QuarantineSkips++;
            _terms.SetUndecided(plan.Term);
            return;
        }

        counters.RegexRuns++;
        try
        {
            if (plan.Regex.IsMatch(_widened.Of(payload)))
            {
                _terms.SetTrue(plan.Term);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            counters.Timeouts++;
            if (!IsRehearsing)
            {
                plan.Regex.Strike();
            }

            _terms.SetUndecided(plan.Term);
        }
    }

    private readonly struct Sink(ViewInspector inspector) : ILiteralSink
    {
        public void Found(int literal, int start) => inspector.Found(literal, start);

        public bool IsSettled(int literal) => inspector._literalSettled[literal] == inspector._round;
    }
}
