using SensorGateway.Pipeline.Detection.Tracing;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Detection.Pricing;

/// <summary>Finds out where the time of traced payloads goes: for each part the quickest of several passes.</summary>
/// <remarks>Whatever the machine does in between makes passes slower, never quicker.</remarks>
internal sealed class CostWeights(RuleProgram program)
{
    private readonly PartTicks _pass = new(program);
    private readonly PartTicks _least = new(program);

    /// <summary>Passes so far.</summary>
    public int Passes { get; private set; }

    /// <summary>Adds what the tracer's last payload took.</summary>
    public void Add(RuleTracer tracer)
    {
        var terms = tracer.Terms;
        for (var term = 0; term < terms.Length; term++)
        {
            _pass.Terms[term] += terms[term].AutomatonTicks + terms[term].RegexTicks;
        }

        for (var view = 0; view < _pass.Scans.Length; view++)
        {
            _pass.Scans[view] += tracer.Views[view].ScanTicks;
            _pass.Transforms[view] += tracer.TransformTicks[view];
        }

        _pass.Hashes[0] += tracer.HashTicks;
    }

    /// <summary>Ends a pass over all payloads.</summary>
    public void EndPass()
    {
        _least.TakeLeast(_pass, isFirst: Passes++ == 0);
        _pass.Clear();
    }

    /// <summary>What one payload took: in what the engine's inspection does, and in digests.</summary>
    /// <param name="payloads">Payloads of a pass.</param>
    public (double Inspecting, double Hashing) NanosecondsPerPayload(int payloads)
    {
        var ticks = _least.Terms.Sum() + _least.Scans.Sum() + _least.Transforms.Sum();
        return (Nanoseconds(ticks) / payloads, Nanoseconds(_least.Hashes[0]) / payloads);
    }

    /// <summary>Divides it among the reported rules.</summary>
    /// <param name="payloads">Payloads of a pass.</param>
    /// <param name="factor">From traced time to the engine's.</param>
    public double[] SharesPerPayload(int payloads, double factor)
    {
        var ticks = (double[])_least.Terms.Clone();
        for (var view = 0; view < _least.Scans.Length; view++)
        {
            ShareScan(view, ticks);
            ShareTransform(view, ticks);
        }

        for (var term = 0; term < ticks.Length; term++)
        {
            ticks[term] *= factor;
        }

        var lists = program.Rules.HashLists.Length;
        var digestTicks = _least.Hashes[0] / Math.Max(1, program.DigestTerms.Length + lists);
        foreach (var term in program.DigestTerms)
        {
            ticks[term] += digestTicks; // Not scaled: the engine was measured without digests.
        }

        var shares = new double[program.Reported.Length];
        shares.AsSpan(program.Rules.Rules.Length).Fill(Nanoseconds(digestTicks) / payloads);
        for (var rule = 0; rule < program.Rules.Rules.Length; rule++)
        {
            foreach (var term in program.TermsOfRule[rule])
            {
                shares[rule] += Nanoseconds(ticks[term]) / payloads / program.RulesOfTerm[term].Length;
            }
        }

        return shares;
    }

    private static double Nanoseconds(double ticks) => Clock.Nanoseconds(0, (long)(ticks * 1000)) / 1000.0;

    private void ShareScan(int number, double[] ticks)
    {
        var view = program.Views[number];
        var actions = view.Actions.Used.Sum(literal => view.Actions.ByLiteral[literal].Length);
        if (actions == 0)
        {
            Spread(number, _least.Scans[number], ticks); // An empty scan: next to nothing, but somebody's.
            return;
        }

        foreach (var literal in view.Actions.Used)
        {
            foreach (var action in view.Actions.ByLiteral[literal])
            {
                ticks[action >= 0 ? action : view.Plans[~action].Term] += _least.Scans[number] / actions;
            }
        }
    }

    private void ShareTransform(int number, double[] ticks) => Spread(number, _least.Transforms[number], ticks);

    private void Spread(int view, double amount, double[] ticks)
    {
        var terms = program.ViewOfTerm.Count(of => of == view);
        for (var term = 0; term < ticks.Length; term++)
        {
            ticks[term] += program.ViewOfTerm[term] == view ? amount / terms : 0;
        }
    }
}
