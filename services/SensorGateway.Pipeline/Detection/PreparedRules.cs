using SensorGateway.Pipeline.Detection.Factors;
using SensorGateway.Pipeline.Detection.Inspecting;
using SensorGateway.Pipeline.Detection.Transforms;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection;

/// <summary>
/// A generation of rules with one worker's scratch memory for it, made off the path and handed over whole.
/// </summary>
/// <remarks>Owner: whoever prepares it, then the detector that uses it.</remarks>
public sealed class PreparedRules
{
    private const int ExampleBytesMax = 4 << 20;

    /// <param name="program">The generation.</param>
    /// <param name="options">The options of the detector that will use it.</param>
    public PreparedRules(RuleProgram program, DetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(options);
        Program = program;
        Matches = new MatchCells(program);
        var payloads = new PayloadViews(program.Tree);
        Inspector = new Inspector(program, options, Matches, payloads);
        Locator = new MatchLocator(program, payloads, Inspector.Counters);
    }

    /// <summary>The generation.</summary>
    public RuleProgram Program { get; }

    internal MatchCells Matches { get; }

    internal Inspector Inspector { get; }

    internal MatchLocator Locator { get; }

    /// <summary>
    /// Inspects typical traffic and <paramref name="sample"/>, so that code is compiled and the automaton states that
    /// traffic needs exist before the first real payload.
    /// </summary>
    /// <param name="sample">A payload of the site's own; may be empty.</param>
    /// <param name="rounds">Times over; about 60 let the JIT optimise what is hot.</param>
    public void WarmUp(ReadOnlySpan<byte> sample, int rounds = 1)
    {
        Program.WarmUp(sample);
        var typical = TrafficSample.Payloads();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var payload in typical)
            {
                Inspector.Inspect(payload, default);
            }

            Inspector.Inspect(sample, default);
        }

        Matches.ClearRuns(); // They are to tell what real payloads cost.
    }

    /// <summary>
    /// Does everything once that these payloads and typical traffic would otherwise make a detection thread the first to
    /// do: code is compiled, automaton states exist, and every rule can say where it matched. Off the path only.
    /// </summary>
    /// <param name="samples">Payloads as they come in now; may be empty.</param>
    public void WarmUpFully(IEnumerable<byte[]> samples)
    {
        WarmUp([]);
        Locator.Prepare();
        var digest = new byte[HashList.DigestBytes]; // No list has it; only the way is wanted.
        foreach (var payload in samples.Concat(FirstExamples()))
        {
            var verdict = Inspector.Inspect(payload, Program.Digests is null ? default : digest);
            foreach (var rule in verdict.Rules)
            {
                Locator.TryLocate(rule, payload, out _, out _);
            }
        }

        Matches.ClearRuns();
    }

    /// <summary>From now on the payloads are real ones, and these counters count them.</summary>
    internal void PutToWork(DetectorCounters counters)
    {
        Inspector.PutToWork(counters);
        Locator.PutToWork(counters);
        counters.Matches = Matches;
    }

    /// <summary>What authors say must match: the surest way through a rule's own code.</summary>
    private IEnumerable<byte[]> FirstExamples()
    {
        var bytesLeft = ExampleBytesMax;
        foreach (var rule in Program.Rules.Rules)
        {
            if (rule.Examples.Match is [var example, ..] && (bytesLeft -= example.Length) >= 0)
            {
                yield return [.. example];
            }
        }
    }
}
