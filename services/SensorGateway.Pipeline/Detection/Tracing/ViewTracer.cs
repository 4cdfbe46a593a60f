using System.Diagnostics;
using System.Numerics;
using System.Text.RegularExpressions;
using SensorGateway.Pipeline.Detection.Automata;
using SensorGateway.Pipeline.Detection.Compilation;
using SensorGateway.Pipeline.Detection.Inspecting;
using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Pipeline.Detection.Regexes;

namespace SensorGateway.Pipeline.Detection.Tracing;

/// <summary>
/// Takes what a view sees through the same stages as <see cref="ViewInspector"/>, one at a time with the clock in hand,
/// and notes what each decided. Uses that inspector's automata, so that either finds them warm. Never on a payload's way.
/// </summary>
internal sealed class ViewTracer
{
    private readonly ViewProgram _program;
    private readonly TermTrace[] _terms;
    private readonly WidenedPayload _widened;
    private readonly ViewInspector _inspector;
    private readonly RegexSlot?[] _regexes; // Its own, so that what times out here earns the rule no strike.
    private readonly TimeSpan _matchTimeout;
    private readonly int[] _firstAt;  // By literal: where it stands first, plus one; 0 when it is absent.
    private readonly bool[] _isCandidate; // By plan: one of its triggers is there.
    private readonly AttemptWindows _windows;
    private readonly LaneBatch _batch;
    private int _payloadBytes;

    public ViewTracer(
        ViewProgram program, ViewInspector inspector, TimeSpan matchTimeout, TermTrace[] terms, WidenedPayload widened)
    {
        _program = program;
        _terms = terms;
        _widened = widened;
        _inspector = inspector;
        _regexes = new RegexSlot?[program.Plans.Length];
        _matchTimeout = matchTimeout;
        _firstAt = new int[program.Literals.Count];
        _isCandidate = new bool[program.Plans.Length];
        _windows = new AttemptWindows(program.Plans.Length, ViewInspector.FurtherWindowsMax);
        _batch = new LaneBatch(_windows, runsMax: 1);
    }

    /// <summary>Ticks that the last scan took.</summary>
    public long ScanTicks { get; private set; }

    /// <summary>Finds out what becomes of its terms, which hold the defaults.</summary>
    public void Trace(ReadOnlySpan<byte> payload)
    {
        _widened.Reset();
        _firstAt.AsSpan().Clear();
        _isCandidate.AsSpan().Clear();
        _windows.Reset();
        _payloadBytes = payload.Length;
        var sink = new Sink(this);
        var from = Stopwatch.GetTimestamp();
        _program.Scanner.Scan(payload, ref sink);
        ScanTicks = TraceClock.Since(from);
        TakeLiterals();
        for (var plan = 0; plan < _isCandidate.Length; plan++)
        {
            if (_isCandidate[plan])
            {
                RunAlone(plan, payload);
            }
        }

        for (var group = 0; group < _inspector.Groups.Count; group++)
        {
            RunGroup(group, payload);
        }

        _inspector.Groups.SplitLargeOnes();
    }

    private void TakeLiterals()
    {
        for (var literal = 0; literal < _firstAt.Length; literal++)
        {
            if (_firstAt[literal] == 0)
            {
                continue;
            }

            foreach (var action in _program.Actions.ByLiteral[literal])
            {
                ref var term = ref _terms[action >= 0 ? action : _program.Plans[~action].Term];
                if (term.LiteralPlusOne == 0 || _firstAt[literal] - 1 < term.LiteralAt)
                {
                    term.LiteralPlusOne = literal + 1;
                    term.LiteralAt = _firstAt[literal] - 1;
                }

                if (action >= 0)
                {
                    term.Decide(DetectionStage.Literal, TraceOutcome.Met);
                }
            }
        }
    }

    private void RunAlone(int number, ReadOnlySpan<byte> payload)
    {
        var plan = _program.Plans[number];
        ref var term = ref _terms[plan.Term];
        var window = _windows[number];
        if (window.From > 0 && plan.IsStartAnchored)
        {
            term.Decide(DetectionStage.Literal, TraceOutcome.AutomatonRefused); // Too late for a match at the start.
            return;
        }

        if (!GuardHolds(plan, payload))
        {
            term.Decide(DetectionStage.Literal, TraceOutcome.GuardAbsent);
            return;
        }

        var dfa = _inspector.DfaOf(number);
        var startedAt = Stopwatch.GetTimestamp();
        var accepted = _windows.TryNarrow(number, plan.Filter, payload) && Run(dfa, _windows[number], payload) != 0;
        term.AutomatonTicks += TraceClock.Since(startedAt);
        term.Runs++;
        Conclude(number, accepted, ref term, payload);
    }

    private void RunGroup(int group, ReadOnlySpan<byte> payload)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var accepted = Run(_inspector.Groups.DfaOf(group), new AttemptWindows.Window(0, payload.Length, AttemptWindows.None), payload);
        var ticks = TraceClock.Since(startedAt);
        var plans = _inspector.Groups.PlansOf(group);
        for (var i = 0; i < plans.Length; i++)
        {
            var plan = _program.Plans[plans[i]];
            ref var term = ref _terms[plan.Term];
            term.AutomatonTicks += ticks / plans.Length;
            term.Runs++;
            var isAccepted = (accepted & 1UL << i) != 0;
            if (isAccepted && !GuardHolds(plan, payload))
            {
                term.Decide(DetectionStage.Dfa, TraceOutcome.GuardAbsent);
            }
            else
            {
                Conclude(plans[i], isAccepted, ref term, payload);
            }
        }
    }

    /// <summary>Runs one automaton as the engine does, in windows and pieces, but without company.</summary>
    private ulong Run(LazyDfa dfa, in AttemptWindows.Window window, ReadOnlySpan<byte> payload)
    {
        _batch.Reset();
        _batch.Add(dfa, 0, window);
        _batch.RunAll(payload);
        return _batch.AcceptedBy(0);
    }

    private void AddCandidate(int plan, int start)
    {
        var from = Math.Max(0, start - _program.Plans[plan].BytesBeforeTrigger);
        var until = _program.Plans[plan].EndsAttempts ? start + 1 : _payloadBytes;
        if (_isCandidate[plan])
        {
            _windows.Add(plan, from, until);
        }
        else
        {
            _isCandidate[plan] = true;
            _windows.Open(plan, from, until);
        }
    }

    private void Found(int literal, int start)
    {
        ref var first = ref _firstAt[literal];
        first = first == 0 ? start + 1 : Math.Min(first, start + 1);
        foreach (var action in _program.Actions.ByLiteral[literal])
        {
            if (action < 0)
            {
                AddCandidate(~action, start);
            }
        }
    }

    private void Conclude(int number, bool accepted, ref TermTrace term, ReadOnlySpan<byte> payload)
    {
        var plan = _program.Plans[number];
        if (!accepted || plan.Regex is null)
        {
            term.Decide(DetectionStage.Dfa, accepted ? TraceOutcome.Met : TraceOutcome.AutomatonRefused);
            return;
        }

        var regex = _regexes[number] ??= new RegexSlot(plan.Regex.Pattern, ruleId: "", _matchTimeout);
        if (plan.Regex.IsQuarantined || regex.IsQuarantined)
        {
            term.Decide(DetectionStage.Regex, TraceOutcome.Undecided);
            return;
        }

        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            var matches = regex.IsMatch(_widened.Of(payload));
            term.Decide(DetectionStage.Regex, matches ? TraceOutcome.Met : TraceOutcome.RegexRefused);
        }
        catch (RegexMatchTimeoutException)
        {
            regex.Strike();
            term.Decide(DetectionStage.Regex, TraceOutcome.Undecided);
        }

        term.RegexTicks += TraceClock.Since(startedAt);
        term.RegexRuns++;
    }

    private bool GuardHolds(RegexPlan plan, ReadOnlySpan<byte> payload)
    {
        foreach (var guard in plan.Guards)
        {
            if (_firstAt[guard] > 0 || _program.Literals.IndexIn(guard, payload) >= 0)
            {
                return true;
            }
        }

        return plan.Guards.IsEmpty;
    }

    private readonly struct Sink(ViewTracer tracer) : ILiteralSink
    {
        public void Found(int literal, int start) => tracer.Found(literal, start);

        public bool IsSettled(int literal) => false;
    }
}
