using System.Diagnostics;

namespace SensorGateway.Pipeline.Telemetry;

/// <summary>Stopwatch ticks as nanoseconds.</summary>
public static class Clock
{
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    /// <summary>Nanoseconds between two tick counts.</summary>
    public static long Nanoseconds(long fromTicks, long toTicks) => (long)((toTicks - fromTicks) * NanosecondsPerTick);

    /// <summary>Ticks in a time span.</summary>
    public static long Ticks(TimeSpan span) => (long)(span.TotalSeconds * Stopwatch.Frequency);
}
