using System.Diagnostics;
using System.Globalization;

namespace SensorGateway.ConcurrencyTests;

/// <summary>How long soaks run: a few seconds, or as long as SENSORGATEWAY_SOAK_SECONDS says.</summary>
internal static class SoakTime
{
    /// <summary>Time for code that must hold.</summary>
    public static TimeSpan Sound { get; } = TimeSpan.FromSeconds(
        double.TryParse(
            Environment.GetEnvironmentVariable("SENSORGATEWAY_SOAK_SECONDS"), CultureInfo.InvariantCulture, out var asked)
            ? asked
            : 2);

    /// <summary>Time within which a broken twin must be caught; it ends at the first violation, mostly in milliseconds.</summary>
    public static TimeSpan Broken { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Only a hang takes that long, on however busy a machine.</summary>
    public static TimeSpan Hang { get; } = TimeSpan.FromSeconds(20);

    public static bool IsOver(long sinceTicks, TimeSpan limit) => Stopwatch.GetElapsedTime(sinceTicks) >= limit;
}
