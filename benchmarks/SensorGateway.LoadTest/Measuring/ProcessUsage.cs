using System.Globalization;

namespace SensorGateway.LoadTest.Measuring;

/// <summary>What the kernel has counted for another process.</summary>
internal static class ProcessUsage
{
    private const double TicksPerSecond = 100; // USER_HZ, fixed at 100 in the interface of every Linux we run on.

    /// <summary>User and system time so far, in steps of 10 ms; 0 when the process is gone.</summary>
    public static double CpuSeconds(int pid)
    {
        var stat = TryRead($"/proc/{pid}/stat");

        // The name in parentheses may hold blanks; behind it come state (field 3) and, as 14 and 15, utime and stime.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length < 13 ? 0 : (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    /// <summary>Peak resident memory in MB (10^6 bytes); 0 when the process is gone.</summary>
    public static double PeakRssMb(int pid)
    {
        const string key = "VmHWM:";
        var line = TryRead($"/proc/{pid}/status").Split('\n')
            .FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is null ? 0 : Number(line[key.Length..].Split('k')[0]) * 1024 / 1e6;
    }

    private static string TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }

    private static double Number(string text) => double.Parse(text.Trim(), CultureInfo.InvariantCulture);
}
