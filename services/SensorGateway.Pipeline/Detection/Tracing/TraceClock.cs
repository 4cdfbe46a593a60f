using System.Diagnostics;

namespace SensorGateway.Pipeline.Detection.Tracing;

/// <summary>Measures short steps; what reading the clock itself takes is left out.</summary>
internal static class TraceClock
{
    private const int Calibrations = 200;

    private static readonly long OwnTicks = Calibrate();

    /// <summary>Ticks from <paramref name="from"/> until now; at least 0.</summary>
    public static long Since(long from) => Math.Max(0, Stopwatch.GetTimestamp() - from - OwnTicks);

    private static long Calibrate()
    {
        var least = long.MaxValue;
        for (var i = 0; i < Calibrations; i++)
        {
            var from = Stopwatch.GetTimestamp();
            least = Math.Min(least, Stopwatch.GetTimestamp() - from);
        }

        return least;
    }
}
