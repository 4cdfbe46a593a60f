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
    private readonly RuleProgram _program;
    private readonly DetectorCounters _counters;
    private readonly TermStates _terms;
    private readonly WidenedPayload _widened = new();
    private readonly LazyDfa?[] _dfas;
    private readonly LazyDfa[] _groups;
    private readonly int _dfaBytesMax;
    private readonly uint[] _literalSeen;
    private readonly uint[] _planSeen;
    private readonly int[] _planFirst; // Where the first trigger of a candidate stands.
    private readonly int[] _candidates;
    private uint _round;
    private int _candidateCount;

    public Inspector(RuleProgram program, DetectionOptions options, DetectorCounters counters)
    {
        _program = program;
        _counters = counters;
        _terms = new TermStates(program);
        _dfas = new LazyDfa?[program.Plans.Length];
        _literalSeen = new uint[program.Literals.Count];
        _planSeen = new uint[program.Plans.Length];
        _planFirst = new int[program.Plans.Length];
        _candidates = new int[program.Plans.Length];
        _dfaBytesMax = Math.Clamp(options.AutomatonBytesMax / (program.Groups.Length + 16), 64 << 10, 1 << 20);
        _groups = [.. program.Groups.Select(group => new LazyDfa(group.Automaton, 4 * _dfaBytesMax))];
    }

    /// <summary>Inspects one payload; the result is valid until the next call.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="digest">Its SHA-256, or empty when nothing asks for it.</param>
    public CachedVerdict Inspect(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> digest)
    {
        Begin();
        var sink = new Sink(this);
        _program.Scanner.Scan(payload, ref sink);
        _counters.LiteralCandidates += _candidateCount;
        foreach (var plan in _candidates.AsSpan(0, _candidateCount))
        {
            RunCandidate(plan, payload);
        }

        for (var group = 0; group < _groups.Length; group++)
        {
            RunGroup(group, payload);
        }

        var hashEntry = digest.IsEmpty ? -1 : LookUp(digest);
        return new CachedVerdict(_terms.Finish(), digest, hashEntry);
    }

    private void Begin()
    {
        _terms.Begin();
        _widened.Reset();
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
        if (_literalSeen[literal] == _round)
        {
            return;
        }

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
        if (_planSeen[plan] != _round)
        {
            _planSeen[plan] = _round;
            _planFirst[plan] = start;
            _candidates[_candidateCount++] = plan;
        }
        else if (start < _planFirst[plan])
        {
            _planFirst[plan] = start;
        }
    }

    private void RunCandidate(int number, ReadOnlySpan<byte> payload)
    {
        var plan = _program.Plans[number];
        var from = Math.Max(0, _planFirst[number] - plan.BytesBeforeTrigger);
        if ((from > 0 && plan.IsStartAnchored) || !GuardHolds(plan, payload))
        {
            return;
        }

        var dfa = _dfas[number] ??= new LazyDfa(plan.Automaton, _dfaBytesMax);
        if (Run(dfa, payload, from) != 0)
        {
            Decide(plan, payload);
        }
    }

    private void RunGroup(int number, ReadOnlySpan<byte> payload)
    {
        var group = _program.Groups[number];
        for (var accepted = Run(_groups[number], payload, 0); accepted != 0; accepted &= accepted - 1)
        {
            var plan = _program.Plans[group.Plans[System.Numerics.BitOperations.TrailingZeroCount(accepted)]];
            if (GuardHolds(plan, payload))
            {
                Decide(plan, payload);
            }
        }
    }

    private ulong Run(LazyDfa dfa, ReadOnlySpan<byte> payload, int from)
    {
        _counters.AutomatonRuns++;
        var flushes = dfa.Flushes;
        var accepted = dfa.Run(payload, from);
        _counters.AutomatonFlushes += dfa.Flushes - flushes;
        return accepted;
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

        _counters.RegexRuns++;
        try
        {
            if (plan.Regex.IsMatch(_widened.Of(payload)))
            {
                _terms.SetTrue(plan.Term);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            _counters.Timeouts++;
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
