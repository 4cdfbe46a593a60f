using System.Numerics;
using System.Text.RegularExpressions;
using SensorGateway.Pipeline.Detection.Automata;
using SensorGateway.Pipeline.Detection.Compilation;
using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Pipeline.Detection.Verdicts;

namespace SensorGateway.Pipeline.Detection.Inspecting;

/// <summary>Takes one payload through the stages: literals, automata, regexes, digests. Owner: one detector.</summary>
internal sealed class Inspector
{
    private const int FurtherWindowsMax = 1024;

    private readonly RuleProgram _program;
    private readonly TermStates _terms;
    private readonly WidenedPayload _widened = new();
    private readonly LazyDfa?[] _dfas;
    private readonly GroupRunner _groups;
    private readonly LaneBatch _batch;
    private readonly int _dfaBytesMax;
    private readonly uint[] _literalSeen;
    private readonly uint[] _planSeen;
    private readonly AttemptWindows _windows;
    private readonly int[] _candidates;
    private uint _round;
    private int _candidateCount;
    private int _payloadBytes;

    public Inspector(RuleProgram program, DetectionOptions options, DetectorCounters counters)
    {
        _program = program;
        Counters = counters;
        _terms = new TermStates(program);
        _dfas = new LazyDfa?[program.Plans.Length];
        _literalSeen = new uint[program.Literals.Count];
        _planSeen = new uint[program.Plans.Length];
        _windows = new AttemptWindows(program.Plans.Length, FurtherWindowsMax);
        _candidates = new int[program.Plans.Length];
        _dfaBytesMax = 4 * options.AutomatonBytesMax; // One pattern cannot be split.
        _batch = new LaneBatch(_windows, program.Plans.Length);
        _groups = new GroupRunner(program.Groups, options.AutomatonBytesMax);
    }

    /// <summary>What it counts into; changed when a warmed inspector is put to work.</summary>
    public DetectorCounters Counters { get; set; }

    /// <summary>Inspects one payload; the result is valid until the next call.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="digest">Its SHA-256, or empty when nothing asks for it.</param>
    public CachedVerdict Inspect(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> digest)
    {
        Begin(payload.Length);
        var sink = new Sink(this);
        _program.Scanner.Scan(payload, ref sink);
        Counters.LiteralCandidates += _candidateCount;
        foreach (var plan in _candidates.AsSpan(0, _candidateCount))
        {
            AddToBatch(plan, payload);
        }

        RunBatch(payload);
        var hashEntry = digest.IsEmpty ? -1 : LookUp(digest);
        return new CachedVerdict(_terms.Finish(), digest, hashEntry);
    }

    private void Begin(int payloadBytes)
    {
        _payloadBytes = payloadBytes;
        _terms.Begin();
        _widened.Reset();
        _batch.Reset();
        _windows.Reset();
        _candidateCount = 0;
        if (++_round == 0)
        {
            _literalSeen.AsSpan().Clear();
            _planSeen.AsSpan().Clear();
            _round = 1;
        }
    }

    private void Found(int literal, int start)
    {
        _literalSeen[literal] = _round;
        foreach (var action in _program.Actions.ByLiteral[literal])
        {
            if (action >= 0)
            {
                _terms.SetTrue(action);
            }
            else
            {
                AddCandidate(~action, start);
            }
        }
    }

    private void AddCandidate(int plan, int start)
    {
        var from = Math.Max(0, start - _program.Plans[plan].BytesBeforeTrigger);
        var until = _program.Plans[plan].EndsAttempts ? start + 1 : _payloadBytes;
        if (_planSeen[plan] != _round)
        {
            _planSeen[plan] = _round;
            _windows.Open(plan, from, until);
            _candidates[_candidateCount++] = plan;
        }
        else
        {
            _windows.Add(plan, from, until);
        }
    }

    private void AddToBatch(int number, ReadOnlySpan<byte> payload)
    {
        var plan = _program.Plans[number];
        ref readonly var window = ref _windows[number];
        if ((window.From == 0 || !plan.IsStartAnchored) && GuardHolds(plan, payload))
        {
            _batch.Add(_dfas[number] ??= new LazyDfa(plan.Automaton, _dfaBytesMax), number, window);
        }
    }

    private void RunBatch(ReadOnlySpan<byte> payload)
    {
        _groups.AddTo(_batch, payload.Length);
        if (_batch.Count == 0)
        {
            return;
        }

        Counters.AutomatonRuns += _batch.Count;
        var flushes = _batch.RunAll(payload);
        if (flushes != 0)
        {
            Counters.AutomatonFlushes += flushes;
        }

        for (var run = 0; run < _batch.Count; run++)
        {
            var accepted = _batch.AcceptedBy(run);
            var tag = _batch.TagOf(run);
            if (tag >= 0 && accepted != 0)
            {
                Decide(_program.Plans[tag], payload);
            }
            else if (accepted != 0)
            {
                DecideGroup(_groups.PlansOf(~tag), accepted, payload);
            }
        }

        if (flushes != 0)
        {
            Counters.GroupSplits += _groups.SplitLargeOnes();
        }
    }

    private void DecideGroup(int[] plans, ulong accepted, ReadOnlySpan<byte> payload)
    {
        for (; accepted != 0; accepted &= accepted - 1)
        {
            var plan = _program.Plans[plans[BitOperations.TrailingZeroCount(accepted)]];
            if (GuardHolds(plan, payload))
            {
                Decide(plan, payload);
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
    private void Decide(RegexPlan plan, ReadOnlySpan<byte> payload)
    {
        if (plan.Regex is null)
        {
            _terms.SetTrue(plan.Term);
            return;
        }

        if (plan.Regex.IsQuarantined)
        {
            Counters.QuarantineSkips++;
            _terms.SetUndecided(plan.Term);
            return;
        }

        Counters.RegexRuns++;
        try
        {
            if (plan.Regex.IsMatch(_widened.Of(payload)))
            {
                _terms.SetTrue(plan.Term);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            Counters.Timeouts++;
            _terms.SetUndecided(plan.Term);
        }
    }

    private int LookUp(ReadOnlySpan<byte> digest)
    {
        var table = _program.Digests!;
        var entry = -1;
        var lastList = -1;
        var matches = table.Index.Find(digest);
        while (matches.MoveNext())
        {
            if (matches.Source >= table.Lists)
            {
                _terms.SetTrue(table.TermOf(matches.Source));
            }
            else if (matches.Source != lastList)
            {
                // Equal digests were inserted list by list and probing keeps that order.
                lastList = matches.Source;
                _terms.AddHashList(lastList);
                entry = entry < 0 ? matches.Number : entry;
            }
        }

        return entry;
    }

    private readonly struct Sink(Inspector inspector) : ILiteralSink
    {
        public void Found(int literal, int start) => inspector.Found(literal, start);
    }
}
