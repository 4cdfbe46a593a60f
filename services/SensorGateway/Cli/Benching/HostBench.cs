using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Cli.Benching;

/// <summary>Measures what the gateway's speed rests on, so that results of two machines can be compared.</summary>
internal static class HostBench
{
    private const int Repeats = 7;
    private const int CopyBytes = 64 * 1024 * 1024;

    /// <summary>Takes about two seconds.</summary>
    public static HostResult Run(CliConsole console)
    {
        var progress = new Progress(console, "bench host");
        var cpus = CpuAffinity.AllowedCpus();
        var load = HostFacts.Load1m();
        int? first = cpus.Length > 0 ? cpus[0] : null;
        var (sameP50, sameP95) = WakeBench.Measure(first, first);
        progress.Report(0.3);
        (double, double)? other = cpus.Length > 1 ? WakeBench.Measure(cpus[0], cpus[1]) : null;
        progress.Report(0.6);
        var payload = new byte[256];
        var block = new byte[1024 * 1024];
        var digest = new byte[SHA256.HashSizeInBytes];
        var result = new HostResult
        {
            CpuModel = HostFacts.CpuModel(),
            Cpus = Environment.ProcessorCount,
            MemoryMb = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1048576,
            Os = RuntimeInformation.OSDescription,
            Runtime = $".NET {Environment.Version}",
            ClockSource = HostFacts.ClockSource(),
            Load1m = load,
            ClockNs = Round(NanosecondsOf(1_000_000, static () => Stopwatch.GetTimestamp())),
            SyscallNs = Round(SyscallNanoseconds()),
            WakeSameCpuP50Us = sameP50,
            WakeSameCpuP95Us = sameP95,
            WakeOtherCpuP50Us = other?.Item1,
            WakeOtherCpuP95Us = other?.Item2,
            CopyGbPerS = Round(CopyGigabytesPerSecond()),
            Sha256Of256BNs = Round(NanosecondsOf(20_000, () => SHA256.HashData(payload, digest))),
            Sha256MbPerS = Round(block.Length / NanosecondsOf(20, () => SHA256.HashData(block, digest)) * 1e3),
        };
        progress.Done();
        return result;
    }

    /// <summary>A bell's ring and silence are one write and one read of an eventfd: two small system calls.</summary>
    private static double SyscallNanoseconds()
    {
        using var bell = new Doorbell();
        return NanosecondsOf(100_000, () =>
        {
            bell.Ring();
            bell.Silence();
        }) / 2;
    }

    private static double CopyGigabytesPerSecond()
    {
        var from = new byte[CopyBytes];
        var to = new byte[CopyBytes];
        from.AsSpan().Fill(1);
        to.AsSpan().Fill(2);
        return CopyBytes / NanosecondsOf(1, () => from.CopyTo(to, 0));
    }

    /// <summary>Median over several repeats of the mean of <paramref name="times"/> calls.</summary>
    private static double NanosecondsOf(int times, Action work)
    {
        var results = new double[Repeats];
        for (var repeat = -1; repeat < Repeats; repeat++)
        {
            var from = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++)
            {
                work();
            }

            var mean = Clock.Nanoseconds(from, Stopwatch.GetTimestamp()) / (double)times;
            if (repeat >= 0)
            {
                results[repeat] = mean; // The first round warmed the code up.
            }
        }

        return DetectBench.Median(results);
    }

    private static double Round(double value) => Math.Round(value, 1);
}
