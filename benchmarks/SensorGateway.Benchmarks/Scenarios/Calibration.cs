using System.Diagnostics;
using System.Security.Cryptography;
using SensorGateway.PerfGate.Protocol;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Benchmarks.Scenarios;

/// <summary>Code that never changes, so that the machine's own speed can be told from the gateway's.</summary>
internal static class Calibration
{
    private const int AluSteps = 10_000;
    private const int Times = 4_000;

    public static CalibrationMessage Measure()
    {
        var data = new byte[4096];
        new Random(1).NextBytes(data);
        var digest = new byte[SHA256.HashSizeInBytes];
        var sha = Histogram(() => SHA256.HashData(data, digest), Times);
        var alu = Histogram(static () => ExtraWork.Do(AluSteps), Times / 4);
        var clock = Histogram(static () => { }, Times);
        return new CalibrationMessage
        {
            AluP50 = alu.QuantileNs(0.50),
            ShaP50 = sha.QuantileNs(0.50),
            ShaP95 = sha.QuantileNs(0.95),
            ClockNs = clock.QuantileNs(0.50),
        };
    }

    private static FineHistogram Histogram(Action work, int times)
    {
        var histogram = new FineHistogram();
        for (var i = -times / 2; i < times; i++)
        {
            var from = Stopwatch.GetTimestamp();
            work();
            var to = Stopwatch.GetTimestamp();
            if (i >= 0)
            {
                histogram.Record(Clock.Nanoseconds(from, to));
            }
        }

        return histogram;
    }
}
