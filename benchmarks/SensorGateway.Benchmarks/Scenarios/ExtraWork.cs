using System.Diagnostics;
using System.Runtime.CompilerServices;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Benchmarks.Scenarios;

/// <summary>Work for the processor alone, in steps of a few nanoseconds: what a slowed build would do more.</summary>
internal static class ExtraWork
{
    private const int CalibrationSteps = 100_000;

    private static ulong _state = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Does this many dependent steps.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Do(int steps)
    {
        var x = _state;
        for (var i = 0; i < steps; i++)
        {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
        }

        _state = x; // Kept, so that the loop cannot be left out.
    }

    /// <summary>How many steps fit into a nanosecond here and now; the best of many tries, so that neighbours do not count.</summary>
    public static double StepsPerNanosecond()
    {
        var best = double.MaxValue;
        for (var attempt = 0; attempt < 40; attempt++)
        {
            var from = Stopwatch.GetTimestamp();
            Do(CalibrationSteps);
            best = Math.Min(best, Clock.Nanoseconds(from, Stopwatch.GetTimestamp()));
        }

        return CalibrationSteps / best;
    }
}
