using System.Diagnostics;
using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using SensorGateway.LoadTest.Contestants;
using SensorGateway.LoadTest.Measuring;
using SensorGateway.LoadTest.Sending;

namespace SensorGateway.LoadTest.Meters;

/// <summary>What it costs to watch the gateway's meters: one gateway at one rate, watched and not watched in turn.</summary>
/// <remarks>
/// A listener asks for all instruments once a second, as dotnet-counters and OTLP exporters do. CPU time per payload is
/// compared, not wall time, and neighbouring slices with each other (watched, not, not, watched), so that a busy machine
/// disturbs both alike.
/// </remarks>
internal sealed class MeterCost(Options options, PayloadSet payloads, Uri nats, string rules)
{
    private const double SliceSeconds = 2;

    private long _sent;
    private volatile bool _stop;

    /// <summary>Runs <paramref name="pairs"/> pairs of slices and prints the ratios.</summary>
    public int Run(int rate, int pairs)
    {
        using var gateway = new GatewayContestant(options, nats, rules);
        var total = TimeSpan.FromSeconds(options.WarmupSeconds + (2 * pairs * (SliceSeconds + 1.5)) + 60);
        var schedule = new Schedule(rate, options.AlertRatio, options.Connections, total);
        using var sender = new LoadSender(schedule, payloads, gateway.Port, options.Sensors);
        var sending = new Thread(() => Send(schedule, sender, (long)(rate * total.TotalSeconds) - 1)) { IsBackground = true };
        sending.Start();
        Thread.Sleep(TimeSpan.FromSeconds(options.WarmupSeconds));

        var (hot, beside) = (new List<double>(), new List<double>());
        for (var pair = 0; pair < pairs; pair++)
        {
            var watchedFirst = pair % 2 == 0;
            var first = Slice(gateway.Process.Id, watchedFirst);
            var second = Slice(gateway.Process.Id, !watchedFirst);
            var (on, off) = watchedFirst ? (first, second) : (second, first);
            hot.Add(on.Hot / off.Hot);
            beside.Add(on.Beside - off.Beside);
            Console.WriteLine(
                $"pair {pair + 1}: payload's way {off.Hot:0} -> {on.Hot:0} ns/payload, beside it {off.Beside:0.00} -> "
                    + $"{on.Beside:0.00} % of a core");
        }

        _stop = true;
        sending.Join();
        Console.WriteLine($"watched against not watched at {rate:N0} payloads/s, medians of {pairs} pairs: CPU per payload on "
            + $"its way {At(hot, 0.5):0.0000} times (quartiles {At(hot, 0.25):0.000}-{At(hot, 0.75):0.000}), other threads "
            + $"{At(beside, 0.5):+0.00;-0.00} % of a core ({At(beside, 0.25):+0.00;-0.00} to {At(beside, 0.75):+0.00;-0.00})");
        return 0;
    }

    private void Send(Schedule schedule, LoadSender sender, long end)
    {
        PreciseSleep.PrepareCallingThread();
        schedule.MeasureFrom(end);
        schedule.Start(Stopwatch.GetTimestamp());
        while (sender.Sent < end && !_stop)
        {
            sender.SendPaced(Math.Min(end, sender.Sent + 200));
            Volatile.Write(ref _sent, sender.Sent);
        }
    }

    private (double Hot, double Beside) Slice(int pid, bool watched)
    {
        using var session = watched ? Watch(pid) : null;
        var reading = session?.EventStream.CopyToAsync(Stream.Null);
        Thread.Sleep(700); // Attaching itself is not what is measured.
        var sentBefore = Volatile.Read(ref _sent);
        var (hotBefore, allBefore) = (ThreadUsage.HotNanoseconds(pid), ProcessUsage.CpuSeconds(pid));
        var from = Stopwatch.GetTimestamp();
        Thread.Sleep(TimeSpan.FromSeconds(SliceSeconds));
        var hot = ThreadUsage.HotNanoseconds(pid) - hotBefore;
        var all = ProcessUsage.CpuSeconds(pid) - allBefore;
        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        var sent = Volatile.Read(ref _sent) - sentBefore;
        session?.Stop();
        reading?.GetAwaiter().GetResult();
        return ((double)hot / sent, 100 * (all - (hot / 1e9)) / seconds);
    }

    private static EventPipeSession Watch(int pid)
    {
        var arguments = new Dictionary<string, string>
        {
            ["SessionId"] = Guid.NewGuid().ToString(),
            ["Metrics"] = "SensorGateway",
            ["RefreshInterval"] = "1",
            ["MaxTimeSeries"] = "1000",
            ["MaxHistograms"] = "10",
        };
        var provider = new EventPipeProvider("System.Diagnostics.Metrics", EventLevel.Informational, 0x2, arguments);
        return new DiagnosticsClient(pid).StartEventPipeSession([provider], requestRundown: false);
    }

    private static double At(List<double> values, double quantile)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(quantile * (sorted.Length - 1))];
    }
}
