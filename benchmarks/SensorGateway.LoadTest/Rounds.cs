using System.Globalization;
using SensorGateway.LoadTest.Results;

namespace SensorGateway.LoadTest;

/// <summary>Repeats rounds that a busy host has spoilt.</summary>
internal static class Rounds
{
    private const int TriesMax = 6; // For each round that is asked for.

    /// <summary>Runs rounds until as many count as were asked for, or the tries are used up.</summary>
    /// <param name="wanted">How many are asked for.</param>
    /// <param name="stealMax">Percent of CPU time that the host may take in each run of a round; null counts all.</param>
    /// <param name="run">Runs one round, given its number from 1.</param>
    /// <param name="progress">Told which rounds do not count, and why.</param>
    /// <returns>All runs; those of spoilt rounds say that they do not count.</returns>
    public static IReadOnlyList<RunResult> Take(
        int wanted, double? stealMax, Func<int, IEnumerable<RunResult>> run, TextWriter progress)
    {
        var all = new List<RunResult>();
        var counted = 0;
        for (var round = 1; counted < wanted && round <= wanted * (stealMax is null ? 1 : TriesMax); round++)
        {
            List<RunResult> runs = [.. run(round)];
            var stolen = runs.Max(static each => each.HostStealPercent) ?? 0;
            var counts = !(stolen > stealMax);
            counted += counts ? 1 : 0;
            all.AddRange(runs.Select(each => each with { Counts = counts }));
            if (!counts)
            {
                progress.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"round {round} does not count: the host took {stolen:0.0} % of the CPU time"));
            }
        }

        if (counted < wanted)
        {
            progress.WriteLine($"only {counted} of {wanted} rounds count; the host is too busy for more");
        }

        return all;
    }
}
