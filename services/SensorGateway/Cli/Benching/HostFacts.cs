using System.Globalization;
using System.Runtime.InteropServices;

namespace SensorGateway.Cli.Benching;

/// <summary>What the system says of itself; empty or 0 where it does not.</summary>
internal static class HostFacts
{
    /// <summary>Name of the processor.</summary>
    public static string CpuModel() =>
        FieldOf("/proc/cpuinfo", "model name") ?? FieldOf("/proc/cpuinfo", "Model") ?? RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>Where Stopwatch gets its time from.</summary>
    public static string ClockSource() => Line("/sys/devices/system/clocksource/clocksource0/current_clocksource") ?? "unknown";

    /// <summary>Load average over one minute.</summary>
    public static double Load1m() =>
        double.TryParse(Line("/proc/loadavg")?.Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? load : 0;

    /// <summary>Peak resident memory of this process, in MiB.</summary>
    public static double PeakRssMb()
    {
        var text = FieldOf("/proc/self/status", "VmHWM")?.Split(' ')[0];
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kib)
            ? Math.Round(kib / 1024.0, 1)
            : Math.Round(Environment.WorkingSet / 1048576.0, 1);
    }

    /// <summary>One line for a person who compares two results.</summary>
    public static string Conditions() => string.Create(
        CultureInfo.InvariantCulture,
        $"{CpuModel()}, {Environment.ProcessorCount} CPUs, load {Load1m():0.00}, {RuntimeInformation.OSDescription}, .NET {Environment.Version}");

    private static string? FieldOf(string file, string name) => Lines(file)
        .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();

    private static string? Line(string file) => Lines(file).FirstOrDefault()?.Trim();

    private static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
