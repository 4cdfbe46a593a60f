using SensorGateway.Pipeline.Detection.Factors;
using SensorGateway.Pipeline.Detection.Inspecting;
using SensorGateway.Pipeline.Detection.Transforms;

namespace SensorGateway.Pipeline.Detection;

/// <summary>
/// A generation of rules with one worker's scratch memory for it, made off the path and handed over whole.
/// </summary>
/// <remarks>Owner: whoever prepares it, then the detector that uses it.</remarks>
public sealed class PreparedRules
{
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
        Locator = new MatchLocator(program, payloads) { Counters = Inspector.Counters };
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
}
