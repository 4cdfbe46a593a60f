namespace SensorGateway.LoadTest.Results;

/// <summary>Medians over the rounds that count. A ratio is taken within each round, where both programs met the same neighbours.</summary>
internal static class Statistics
{
    private static readonly (string Name, Func<RunResult, double?> Read)[] Metrics =
    [
        ("payloads_per_second", run => run.PayloadsPerSecond),
        ("p50_us", run => run.P50Us),
        ("p95_us", run => run.P95Us),
        ("p99_us", run => run.P99Us),
        ("max_us", run => run.MaxUs),
        ("cpu_us_per_payload", run => run.CpuUsPerPayload),
        ("cpu_percent_of_core", run => run.CpuPercentOfCore),
        ("nats_cpu_percent_of_core", run => run.NatsCpuPercentOfCore),
        ("nats_cpu_us_per_payload", run => run.NatsCpuUsPerPayload),
        ("idle_cpu_percent_of_core", run => run.IdleCpuPercentOfCore),
        ("peak_rss_mb", run => run.PeakRssMb),
    ];

    public static IReadOnlyList<Figures> Medians(IReadOnlyList<RunResult> runs) =>
        [.. runs.Where(run => run.Counts).GroupBy(run => (run.Program, run.Rate)).Select(group =>
            new Figures(group.Key.Program, group.Key.Rate, Collect(metric =>
            group.Select(metric))))];

    public static IReadOnlyList<Figures> Ratios(IReadOnlyList<RunResult> runs, string over, string under) =>
        [.. runs.Where(run => run.Counts && (run.Program == over || run.Program == under)).GroupBy(run => run.Rate)
            .Where(group => group.Select(run => run.Program).Distinct().Count() == 2)
            .Select(group => new Figures($"{over}/{under}", group.Key,
                Collect(metric => group.GroupBy(run => run.Round).Select(round =>
                metric(round.First(run => run.Program == over)) / metric(round.First(run => run.Program == under))))))];

    private static Dictionary<string, double> Collect(Func<Func<RunResult, double?>, IEnumerable<double?>> valuesOf)
    {
        var result = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, read) in Metrics)
        {
            var values = valuesOf(read).OfType<double>().Where(double.IsFinite).Order().ToArray();
            if (values.Length > 0)
            {
                result[name] = Math.Round((values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2, 3);
            }
        }

        return result;
    }
}
