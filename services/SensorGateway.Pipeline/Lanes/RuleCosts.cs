using System.Collections.Immutable;
using SensorGateway.Pipeline.Detection;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>Puts prices measured after the load beside what workers have counted since.</summary>
internal static class RuleCosts
{
    private const int RulesMax = 10;

    /// <summary>The dearest rules, as far as they are known.</summary>
    public static ImmutableArray<RuleCost> Dearest(RuleProgram program, DetectorCounters[] detectors)
    {
        var cells = CellsOf(program, detectors);
        return
        [
            .. (program.Prices?.DearestFirst ?? []).Take(RulesMax).Select(price =>
            {
                var facts = program.Facts[price.Rule];
                return new RuleCost(
                    program.Reported[price.Rule].Id,
                    price.NsPerPayload,
                    facts.Stage.ToString().ToLowerInvariant(),
                    facts.Literals,
                    cells.Sum(matches => matches.RunsOf(price.Rule)),
                    cells.Sum(matches => matches.Cells[price.Rule]),
                    price.Exploded);
            }),
        ];
    }

    /// <summary>Ids of the rules of which some worker runs, or ran, an automaton in the slow lane.</summary>
    public static ImmutableArray<string> Slow(RuleProgram program, DetectorCounters[] detectors)
    {
        var cells = CellsOf(program, detectors);
        return
        [
            .. Enumerable.Range(0, program.Rules.Rules.Length)
                .Where(rule => cells.Any(matches => matches.IsSlow(rule)))
                .Select(rule => program.Reported[rule].Id),
        ];
    }

    // A worker that has not yet taken the newest generation over counts in cells of its own.
    private static MatchCells[] CellsOf(RuleProgram program, DetectorCounters[] detectors) =>
        [.. detectors.Select(detector => detector.Matches).Where(matches => ReferenceEquals(matches.Program, program))];
}
