using System.Globalization;
using SensorGateway.LoadTest.Results;

namespace SensorGateway.LoadTest.Profiles;

/// <summary>What a profile is named for, and the figure that must show it against the default profile.</summary>
/// <param name="Profile">Its name.</param>
/// <param name="Metric">A name of <see cref="Statistics"/>.</param>
/// <param name="Read">The figure of one run.</param>
/// <param name="WantsMore">Whether more is better.</param>
/// <param name="At">Of the rates that were run, those at which it promises to win; null is unthrottled.</param>
internal sealed record ProfilePromise(
    string Profile, string Metric, Func<RunResult, double?> Read, bool WantsMore, Func<IReadOnlyList<int?>, IEnumerable<int?>> At)
{
    /// <summary>The profile that the others are compared with.</summary>
    public const string Default = "balanced";

    /// <summary>Below this many alerts a second nothing waits for company in any profile.</summary>
    private const int WindowFrom = 50_000;

    /// <summary>All profiles of the gateway.</summary>
    public static IReadOnlyList<string> Profiles { get; } = ["low-latency", Default, "high-throughput", "low-resource"];

    public static IReadOnlyList<ProfilePromise> All { get; } =
    [
        // It differs from the default in the batch window alone, so below that rate the two are the same.
        new("low-latency", "p50_us", static run => run.P50Us, false, static rates => rates.Where(rate => rate > WindowFrom)),
        new("low-latency", "p95_us", static run => run.P95Us, false, static rates => rates.Where(rate => rate > WindowFrom)),
        new("high-throughput", "payloads_per_second", static run => run.PayloadsPerSecond, true, static rates => rates.Where(rate => rate is null)),
        new("high-throughput", "nats_cpu_us_per_payload", static run => run.NatsCpuUsPerPayload, false, static rates => rates.Where(rate => rate is null or > WindowFrom)),

        // Memory alone, and under load alone: room that nothing fills takes no memory in any profile.
        new("low-resource", "peak_rss_mb", static run => run.PeakRssMb, false, static rates => rates.Where(rate => rate is null or > WindowFrom)),
    ];

    /// <summary>One line for each rate at which the profile promises something; what was not run has none.</summary>
    public IEnumerable<string> Judge(IReadOnlyList<RunResult> runs) =>
        At([.. runs.Select(static run => run.Rate).Distinct()]).Select(rate => Judge(runs, rate)).OfType<string>();

    private string? Judge(IReadOnlyList<RunResult> runs, int? rate)
    {
        var ratios = runs.Where(run => run.Counts && run.Rate == rate).GroupBy(static run => run.Round)
            .Select(round => Of(round, Profile) / Of(round, Default)).OfType<double>().Where(double.IsFinite).Order().ToArray();
        if (ratios.Length == 0)
        {
            return null;
        }

        var median = (ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2;
        var won = ratios.Count(ratio => WantsMore ? ratio > 1 : ratio < 1);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(2 * won > ratios.Length ? "wins " : "LOSES")} {Profile,-15} {(rate is { } given ? $"{given:N0}/s" : "max"),9}  {Metric} "
                + $"{median:0.000} of {Default}'s, {(WantsMore ? "more" : "less")} in {won} of {ratios.Length} rounds");
    }

    private double? Of(IEnumerable<RunResult> round, string profile) =>
        round.FirstOrDefault(run => run.Program == profile) is { } run ? Read(run) : null;
}
