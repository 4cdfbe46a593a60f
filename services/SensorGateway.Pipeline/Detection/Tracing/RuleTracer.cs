using System.Collections.Immutable;
using System.Diagnostics;
using SensorGateway.Pipeline.Detection.Compilation;
using SensorGateway.Pipeline.Detection.Hashes;
using SensorGateway.Pipeline.Detection.Inspecting;
using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Pipeline.Detection.Transforms;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Tracing;

/// <summary>
/// Checks a payload as the detector does, and tells which stage decided each rule and how long that took. Slow: for
/// people who ask, and for pricing. One caller at a time.
/// </summary>
public sealed class RuleTracer
{
    private readonly RuleProgram _program;
    private readonly TermTrace[] _terms;
    private readonly ViewTracer[] _views;
    private readonly long[] _transformTicks;
    private readonly PayloadViews _payloads;
    private readonly PayloadHasher _hasher = new();
    private readonly byte[] _digest = new byte[HashList.DigestBytes];
    private readonly bool[] _listHit;
    private long _hashTicks;

    /// <param name="program">The rules.</param>
    /// <param name="options">The same options as the program was built with.</param>
    public RuleTracer(RuleProgram program, DetectionOptions options)
        : this(new PreparedRules(program, options).Inspector, program, options)
    {
    }

    /// <param name="inspector">Whose automata are used; the two take turns.</param>
    /// <param name="program">The rules.</param>
    /// <param name="options">The same options as the program was built with.</param>
    internal RuleTracer(Inspector inspector, RuleProgram program, DetectionOptions options)
    {
        _program = program;
        _terms = new TermTrace[program.TermCount];
        var widened = new WidenedPayload();
        _views =
        [
            .. program.Views.Select((view, i) =>
                new ViewTracer(view, inspector.Views[i], options.MatchTimeout, _terms, widened)),
        ];
        _transformTicks = new long[_views.Length];
        _payloads = new PayloadViews(program.Tree);
        _listHit = new bool[program.Rules.HashLists.Length];
    }

    /// <summary>By view.</summary>
    internal ReadOnlySpan<ViewTracer> Views => _views;

    /// <summary>By view: ticks of the transforms that the last payload went through for it.</summary>
    internal ReadOnlySpan<long> TransformTicks => _transformTicks;

    /// <summary>By term: what became of it on the last payload.</summary>
    internal ReadOnlySpan<TermTrace> Terms => _terms;

    /// <summary>By hash list: whether it held the last payload.</summary>
    internal ReadOnlySpan<bool> ListHit => _listHit;

    /// <summary>Ticks that the digest of the last payload took.</summary>
    internal long HashTicks => _hashTicks;

    /// <summary>Traces one payload.</summary>
    public PayloadTrace Trace(ReadOnlySpan<byte> payload)
    {
        Run(payload);
        var rules = ImmutableArray.CreateBuilder<RuleTrace>(_program.Reported.Length);
        for (var rule = 0; rule < _program.Rules.Rules.Length; rule++)
        {
            rules.Add(Summarise(rule));
        }

        for (var list = 0; list < _listHit.Length; list++)
        {
            rules.Add(new RuleTrace(
                rules.Count, _listHit[list], DetectionStage.Hash, _listHit[list] ? TraceOutcome.Met : TraceOutcome.Absent,
                false, null, 0, "", 0));
        }

        var stages = Stages();
        return new PayloadTrace(rules.ToImmutable(), stages, stages.Sum(stage => stage.Nanoseconds));
    }

    /// <summary>The same without the report; what it found is in the properties.</summary>
    internal void Run(ReadOnlySpan<byte> payload)
    {
        _terms.AsSpan().Clear();
        _payloads.Reset();
        for (var view = 0; view < _views.Length; view++)
        {
            var from = Stopwatch.GetTimestamp();
            var bytes = _payloads.Of(_program.Views[view].Node, payload);
            _transformTicks[view] = view == 0 ? 0 : TraceClock.Since(from);
            _views[view].Trace(bytes);
        }

        if (_program.Digests is { } digests)
        {
            foreach (var term in _program.DigestTerms)
            {
                _terms[term].Decide(DetectionStage.Hash, TraceOutcome.Absent);
            }

            LookUp(digests, payload);
        }
    }

    /// <summary>Whether a rule holds, by what the last run found.</summary>
    internal bool Matches(int rule) => _program.Conditions[rule] is { } condition
        ? condition.Holds(new States(_terms))
        : _terms[_program.TermsOfRule[rule][0]].Outcome == TraceOutcome.Met;

    private static long Nanoseconds(long ticks) => Clock.Nanoseconds(0, ticks);

    private void LookUp(DigestTable digests, ReadOnlySpan<byte> payload)
    {
        _listHit.AsSpan().Clear();
        var from = Stopwatch.GetTimestamp();
        _hasher.Hash(payload, _digest);
        var matches = digests.Index.Find(_digest);
        while (matches.MoveNext())
        {
            if (matches.Source < digests.Lists)
            {
                _listHit[matches.Source] = true;
            }
            else
            {
                _terms[digests.TermOf(matches.Source)].Decide(DetectionStage.Hash, TraceOutcome.Met);
            }
        }

        _hashTicks = TraceClock.Since(from);
    }

    private RuleTrace Summarise(int rule)
    {
        var isMatch = Matches(rule);
        var furthest = default(TermTrace);
        var view = _program.Views[0];
        var ticks = 0L;
        var isNear = false;
        var isFirst = true;
        foreach (var number in _program.TermsOfRule[rule])
        {
            ref var term = ref _terms[number];
            ticks += term.AutomatonTicks + term.RegexTicks;

            // Terms that run on every payload come as far as the automaton for nothing.
            isNear |= term.Outcome is TraceOutcome.GuardAbsent or > TraceOutcome.AutomatonRefused || term.LiteralPlusOne > 0;
            var isFurther = term.Outcome > furthest.Outcome
                || (term.Outcome == furthest.Outcome && term.Stage > furthest.Stage);
            if (isFirst || isFurther)
            {
                furthest = term;
                view = _program.Views[_program.ViewOfTerm[number]];
            }

            isFirst = false;
        }

        var literal = furthest.LiteralPlusOne > 0
            ? LiteralText.Of(view.Literals.BytesOf(furthest.LiteralPlusOne - 1))
            : null;
        return new RuleTrace(
            rule, isMatch, furthest.Stage, furthest.Outcome, isNear && !isMatch, literal, furthest.LiteralAt,
            view.Chain.Name, Nanoseconds(ticks));
    }

    private ImmutableArray<StageTrace> Stages()
    {
        var stages = ImmutableArray.CreateBuilder<StageTrace>();
        for (var i = 0; i < _views.Length; i++)
        {
            var view = _program.Views[i];
            var name = view.Chain.Name;
            if (i > 0)
            {
                stages.Add(new StageTrace("transform", name, Nanoseconds(_transformTicks[i]), 1));
            }

            stages.Add(new StageTrace("scan", name, Nanoseconds(_views[i].ScanTicks), 1));
            var terms = view.Plans.Select(plan => _terms[plan.Term]).ToList();
            Add("automata", name, terms.Sum(term => term.AutomatonTicks), terms.Sum(term => term.Runs));
            Add("regex", name, terms.Sum(term => term.RegexTicks), terms.Sum(term => term.RegexRuns));
        }

        Add("hash", "", _hashTicks, _program.Digests is null ? 0 : 1);
        return stages.ToImmutable();

        void Add(string stage, string view, long ticks, int runs)
        {
            if (runs > 0)
            {
                stages.Add(new StageTrace(stage, view, Nanoseconds(ticks), runs));
            }
        }
    }

    private readonly struct States(TermTrace[] terms) : ITermStates
    {
        public bool IsTrue(int term) => terms[term].Outcome == TraceOutcome.Met;

        public bool MayBeTrue(int term) => terms[term].Outcome >= TraceOutcome.Undecided;
    }
}
