using SensorGateway.Pipeline.Detection.Tracing;

namespace SensorGateway.Pipeline.Detection.Pricing;

/// <summary>Counts what rules made the engine do.</summary>
internal sealed class CostCounts(RuleProgram program)
{
    private readonly long[] _runs = new long[program.TermCount];
    private readonly long[] _regexRuns = new long[program.TermCount];
    private readonly long[] _matches = new long[program.Reported.Length];

    /// <summary>True when a regex did not end in time.</summary>
    public bool HasTimeouts { get; private set; }

    /// <summary>Adds what the tracer's last payload took.</summary>
    public void Add(RuleTracer tracer)
    {
        var terms = tracer.Terms;
        for (var term = 0; term < terms.Length; term++)
        {
            _runs[term] += terms[term].Runs;
            _regexRuns[term] += terms[term].RegexRuns;
            HasTimeouts |= terms[term].Outcome == TraceOutcome.Undecided;
        }

        for (var rule = 0; rule < program.Rules.Rules.Length; rule++)
        {
            _matches[rule] += tracer.Matches(rule) ? 1 : 0;
        }

        for (var list = 0; list < program.Rules.HashLists.Length; list++)
        {
            _matches[program.Rules.Rules.Length + list] += tracer.ListHit[list] ? 1 : 0;
        }
    }

    /// <summary>The finished price of a rule.</summary>
    public RulePrice Price(int rule, double nanoseconds, string? exploded)
    {
        var (runs, regexRuns) = (0L, 0L);
        foreach (var term in rule < program.Rules.Rules.Length ? program.TermsOfRule[rule] : [])
        {
            runs += _runs[term];
            regexRuns += _regexRuns[term];
        }

        return new RulePrice(rule, nanoseconds, runs, regexRuns, _matches[rule], exploded);
    }
}
