using System.Globalization;
using System.Text;
using SensorGateway.PerfGate.Duet;

namespace SensorGateway.PerfGate.Studies;

/// <summary>How often the gate was right, as a table for <c>perf-baselines/README.md</c>.</summary>
internal static class StudyTable
{
    public static string Write(IReadOnlyList<StudyRun> runs)
    {
        var text = new StringBuilder();
        text.AppendLine("| scenario | neighbour | injected | runs | alarms | first suspicions | p95 ratio median (min-max) | p50 ratio median | seconds median (max) |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        var kinds = runs
            .GroupBy(static run => (run.Scenario, run.Neighbour, run.Percent))
            .OrderBy(static kind => kind.Key.Scenario, StringComparer.Ordinal)
            .ThenBy(static kind => kind.Key.Neighbour)
            .ThenBy(static kind => kind.Key.Percent);
        foreach (var kind in kinds)
        {
            var alarms = kind.Count(static run => run.Alarm);
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {kind.Key.Scenario} | {(kind.Key.Neighbour ? "noisy" : "none")} | {(kind.Key.Percent == 0 ? "nothing" : $"+{kind.Key.Percent:0.#} %")} | {kind.Count()} | {alarms} ({100.0 * alarms / kind.Count():F0} %) | {kind.Count(static run => run.Repeated)} | {Stats.Median(kind.Select(static run => run.P95Ratio)):F3} ({kind.Min(static run => run.P95Ratio):F3}-{kind.Max(static run => run.P95Ratio):F3}) | {Stats.Median(kind.Select(static run => run.P50Ratio)):F3} | {Stats.Median(kind.Select(static run => run.Seconds)):F0} ({kind.Max(static run => run.Seconds):F0}) |"));
        }

        return text.ToString();
    }
}
