using System.Diagnostics;
using System.Globalization;
using SensorGateway.LoadTest.Contestants;
using SensorGateway.LoadTest.Meters;
using SensorGateway.LoadTest.Results;

namespace SensorGateway.LoadTest.Profiles;

/// <summary>The gateway with each of its profiles in turn: does each win what it is named for?</summary>
/// <remarks>Every run has a fresh process. Each round begins with another profile, so that none always follows the same one.</remarks>
internal sealed class ProfileComparison(Options options, LoadRun runner, Uri nats, string rules)
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(4);

    private static readonly (string Title, string Metric)[] Columns =
    [
        ("payloads/s", "payloads_per_second"), ("p50 us", "p50_us"), ("p95 us", "p95_us"), ("p99 us", "p99_us"),
        ("cpu %", "cpu_percent_of_core"), ("idle %", "idle_cpu_percent_of_core"), ("us/payload", "cpu_us_per_payload"),
        ("nats us/p.", "nats_cpu_us_per_payload"), ("peak MB", "peak_rss_mb"),
    ];

    /// <summary>Runs all of them and prints the comparison.</summary>
    /// <returns>0 when nothing was lost or unaccounted, 1 otherwise; who wins is for the reader.</returns>
    public int Run(Conditions conditions)
    {
        var runs = new List<RunResult>();
        foreach (var rate in options.Rates)
        {
            runs.AddRange(Rounds.Take(
                options.RoundCount, options.StealMax, round => InTurn(round).Select(profile => RunOne(profile, rate, round)), options.Progress));
        }

        var medians = Statistics.Medians(runs);
        var ok = runs.TrueForAll(static run => run.Sound);
        Console.WriteLine(options.Json
            ? ResultJson.Write(new LoadTestResult(conditions, runs, medians, Ratios(runs), ok))
            : Table(medians) + "\n" + string.Join('\n', ProfilePromise.All.SelectMany(promise => promise.Judge(runs))) + $"\n{(ok ? "ok" : "NOT OK")}");
        return ok ? 0 : 1;
    }

    private static IEnumerable<string> InTurn(int round) =>
        Enumerable.Range(round - 1, ProfilePromise.Profiles.Count).Select(i => ProfilePromise.Profiles[i % ProfilePromise.Profiles.Count]);

    private RunResult RunOne(string profile, int? rate, int round)
    {
        using var gateway = new GatewayContestant(options, nats, rules, profile);
        var run = runner.Run(gateway, rate, round);
        Thread.Sleep(Settle);
        var (before, from) = (ThreadUsage.AllNanoseconds(gateway.Process.Id), Stopwatch.GetTimestamp());
        Thread.Sleep(Idle);
        var used = ThreadUsage.AllNanoseconds(gateway.Process.Id) - before;
        options.Progress.Write(Report.Describe(run));
        return run with
        {
            IdleCpuPercentOfCore = Math.Round(100 * used / Stopwatch.GetElapsedTime(from).TotalNanoseconds, 3),
        };
    }

    private static IReadOnlyList<Figures> Ratios(List<RunResult> runs) =>
    [
        .. ProfilePromise.Profiles.Where(static profile => profile != ProfilePromise.Default)
            .SelectMany(profile => Statistics.Ratios(runs, profile, ProfilePromise.Default)),
    ];

    private static string Table(IReadOnlyList<Figures> medians)
    {
        var lines = new List<string> { "", "medians over the rounds that count" };
        foreach (var rate in medians.GroupBy(static figures => figures.Rate))
        {
            var title = rate.Key is { } given ? string.Create(CultureInfo.InvariantCulture, $"{given:N0}/s") : "max";
            lines.Add($"{title,-16}{string.Concat(Columns.Select(static column => $"{column.Title,12}"))}");
            lines.AddRange(ProfilePromise.Profiles.SelectMany(profile => rate.Where(figures => figures.Program == profile))
                .Select(static figures => $"{figures.Program,-16}{string.Concat(Columns.Select(column => Cell(figures, column.Metric)))}"));
        }

        return string.Join('\n', lines);
    }

    private static string Cell(Figures figures, string metric) => string.Create(
        CultureInfo.InvariantCulture, $"{(figures.Values.TryGetValue(metric, out var value) ? $"{value:#,0.##}" : "-"),12}");
}
