using System.Diagnostics;
using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using SensorGateway.LoadTest.Contestants;
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
    private const double SliceSeconds = 4;

    private long _sent;
    private volatile bool _stop;

    /// <summary>Runs <paramref name="pairs"/> pairs of slices and prints the ratios.</summary>
    public int Run(int rate, int pairs)
    {
        using var gateway = new GatewayContestant(options, nats, rules);
        var total = TimeSpan.FromSeconds(options.WarmupSeconds + (2 * pairs * (SliceSeconds + 2)) + 60);
        var schedule = new Schedule(rate, options.AlertRatio, options.Connections, total);
        using var sender = new LoadSender(schedule, payloads, gateway.Port, options.Sensors);
        var sending = new Thread(() => Send(schedule, sender, (long)(rate * total.TotalSeconds) - 1)) { IsBackground = true };
        sending.Start();
        Thread.Sleep(TimeSpan.FromSeconds(options.WarmupSeconds));

        var (hot, all) = (new List<double>(), new List<double>());
        for (var pair = 0; pair < pairs; pair++)
        {
            var watchedFirst = pair % 2 == 0;
            var first = Slice(gateway.Process.Id, watchedFirst);
            var second = Slice(gateway.Process.Id, !watchedFirst);
            var (on, off) = watchedFirst ? (first, second) : (second, first);
            hot.Add(on.Hot / off.Hot);
            all.Add(on.All / off.All);
            Console.WriteLine(
                $"pair {pair + 1}: payload's way {off.Hot:0} -> {on.Hot:0} ns/payload, process {off.All:0} -> {on.All:0}");
        }

        _stop = true;
        sending.Join();
        Console.WriteLine($"watched / not watched at {rate:N0} payloads/s, medians of {pairs} pairs: payload's way "
            + $"{Median(hot):0.0000} (quartiles {At(hot, 0.25):0.000}-{At(hot, 0.75):0.000}), whole process "
            + $"{Median(all):0.0000} ({At(all, 0.25):0.000}-{At(all, 0.75):0.000})");
        return 0;
    }

    private void Send(Schedule schedule, LoadSender sender, long end)
    {
        PreciseSleep.PrepareCallingThread();
        schedule.MeasureFrom(end);
        schedule.Start(Stopwatch.GetTimestamp());
        while (sender.Sent < end && !_stop)
        {
            sender.SendPaced(Math.Min(end, sender.Sent + 1000));
            Volatile.Write(ref _sent, sender.Sent);
        }
    }

    private (double Hot, double All) Slice(int pid, bool watched)
    {
        using var session = watched ? Watch(pid) : null;
        var reading = session?.EventStream.CopyToAsync(Stream.Null);
        Thread.Sleep(1000); // Attaching itself is not what is measured.
        var sentBefore = Volatile.Read(ref _sent);
        var before = ThreadUsage.Read(pid);
        Thread.Sleep(TimeSpan.FromSeconds(SliceSeconds));
        var after = ThreadUsage.Read(pid);
        var sent = Volatile.Read(ref _sent) - sentBefore;
        session?.Stop();
        reading?.GetAwaiter().GetResult();
        return ((double)(after.Hot - before.Hot) / sent, (double)(after.All - before.All) / sent);
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

    private static double Median(List<double> values) => At(values, 0.5);

    private static double At(List<double> values, double quantile)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)(quantile * (sorted.Length - 1))];
    }
}
