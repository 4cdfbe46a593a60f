using System.Diagnostics;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Cli.Benching;

/// <summary>
/// How long a parked thread takes to run after its bell was rung: half of a round trip between two threads.
/// </summary>
internal static class WakeBench
{
    private const int WarmUpTrips = 200;
    private const int Trips = 4000;

    /// <summary>Median and 95th percentile in microseconds.</summary>
    /// <param name="here">CPU of the ringing thread; null for any.</param>
    /// <param name="there">CPU of the woken thread; null for any.</param>
    public static (double P50Us, double P95Us) Measure(int? here, int? there)
    {
        using var ping = new Doorbell();
        using var pong = new Doorbell();
        var histogram = new LatencyHistogram();
        var answering = new Thread(() => Answer(there, ping, pong)) { IsBackground = true, Name = "bench-wake-answer" };
        var ringing = new Thread(() => Ring(here, ping, pong, histogram))
        {
            IsBackground = true,
            Name = "bench-wake-ring",
        };
        answering.Start();
        ringing.Start();
        ringing.Join();
        answering.Join();
        return (Microseconds(histogram.Percentile(0.50)), Microseconds(histogram.Percentile(0.95)));
    }

    private static void Ring(int? cpu, Doorbell ping, Doorbell pong, LatencyHistogram histogram)
    {
        CpuAffinity.PinCallingThread(cpu);
        for (var trip = -WarmUpTrips; trip < Trips; trip++)
        {
            var from = Stopwatch.GetTimestamp();
            ping.Ring();
            pong.Wait(-1);
            if (trip >= 0)
            {
                histogram.Record(Clock.Nanoseconds(from, Stopwatch.GetTimestamp()) / 2);
            }
        }
    }

    private static void Answer(int? cpu, Doorbell ping, Doorbell pong)
    {
        CpuAffinity.PinCallingThread(cpu);
        for (var trip = 0; trip < WarmUpTrips + Trips; trip++)
        {
            ping.Wait(-1);
            pong.Ring();
        }
    }

    private static double Microseconds(long nanoseconds) => Math.Round(nanoseconds / 1000.0, 1);
}
