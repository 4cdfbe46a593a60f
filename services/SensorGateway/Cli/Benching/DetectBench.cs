using System.Diagnostics;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Rules.Model;

namespace SensorGateway.Cli.Benching;

/// <summary>Measures detection alone, on one thread.</summary>
internal sealed class DetectBench
{
    private const int WarmUpPassesMin = 3;
    private const int HotRuns = 100;
    private static readonly TimeSpan WarmUpMin = TimeSpan.FromMilliseconds(500);

    private readonly CliConsole _console;
    private readonly List<byte[]> _payloads;
    private readonly RuleProgram _program;
    private readonly Detector _detector;
    private readonly double _loadMs;

    public DetectBench(CliConsole console, RuleSet rules, TimeSpan parsing, List<byte[]> payloads, bool cache)
    {
        var options = cache ? new DetectionOptions() : new DetectionOptions { CacheEntries = 0 };
        var from = Stopwatch.GetTimestamp();
        _program = RuleProgram.Build(rules, options);
        _loadMs = (parsing + Stopwatch.GetElapsedTime(from)).TotalMilliseconds;
        _detector = new Detector(_program, options);
        _console = console;
        _payloads = payloads;
    }

    /// <summary>
    /// Warms up, then takes medians: plain passes for the mean, passes timed per payload for percentiles.
    /// </summary>
    public DetectResult Run(int passes)
    {
        WarmUp();
        var progress = new Progress(_console, "bench detect");
        var bytes = _payloads.Sum(payload => (long)payload.Length);
        var nanoseconds = new double[passes];
        double[][] percentiles = [new double[passes], new double[passes], new double[passes]];
        var allocated = 0L;
        var matches = 0L;
        for (var pass = 0; pass < passes; pass++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var from = Stopwatch.GetTimestamp();
            matches = PlainPass();
            nanoseconds[pass] = Clock.Nanoseconds(from, Stopwatch.GetTimestamp()) / (double)_payloads.Count;
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;

            var histogram = TimedPass();
            percentiles[0][pass] = histogram.Percentile(0.50);
            percentiles[1][pass] = histogram.Percentile(0.95);
            percentiles[2][pass] = histogram.Percentile(0.99);
            progress.Report((pass + 1.0) / passes);
        }

        progress.Done();
        var median = Median(nanoseconds);
        return new DetectResult
        {
            Rules = _program.Reported.Length,
            Payloads = _payloads.Count,
            Bytes = bytes,
            Passes = passes,
            NsPerPayload = Math.Round(median, 1),
            MbPerS = Math.Round(bytes / (double)_payloads.Count / median * 1e3, 2),
            P50Ns = Median(percentiles[0]),
            P95Ns = Median(percentiles[1]),
            P99Ns = Median(percentiles[2]),
            Matches = matches,
            AllocatedBytesPerPayload = Math.Round(allocated / (double)passes / _payloads.Count, 3),
            LoadMs = Math.Round(_loadMs, 1),
            RssMb = HostFacts.PeakRssMb(),
        };
    }

    /// <summary>The middle value; of an even number, the mean of the two in the middle.</summary>
    internal static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>
    /// Tiered compilation, lazy automata and hot regexes all settle here, as they do in a running gateway.
    /// </summary>
    private void WarmUp()
    {
        var from = Stopwatch.GetTimestamp();
        for (var pass = 0; pass < WarmUpPassesMin || Stopwatch.GetElapsedTime(from) < WarmUpMin; pass++)
        {
            PlainPass();
            TimedPass();
            _program.TuneRegexes(HotRuns);
        }
    }

    private long PlainPass()
    {
        var matches = 0L;
        foreach (var payload in _payloads)
        {
            matches += _detector.Inspect(payload).Rules.Length;
        }

        return matches;
    }

    private LatencyHistogram TimedPass()
    {
        var histogram = new LatencyHistogram();
        var last = Stopwatch.GetTimestamp();
        foreach (var payload in _payloads)
        {
            _detector.Inspect(payload);
            var now = Stopwatch.GetTimestamp();
            histogram.Record(Clock.Nanoseconds(last, now));
            last = now;
        }

        return histogram;
    }
}
