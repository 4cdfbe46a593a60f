using System.Globalization;

namespace SensorGateway.LoadTest.Measuring;

/// <summary>CPU time that a hypervisor gave to other guests while this one wanted it.</summary>
/// <remarks>The gateway, its rival, the server and this program all wait meanwhile: it is in every latency.</remarks>
internal readonly record struct HostSteal(double Stolen, double All)
{
    private const int StolenField = 8; // user nice system idle iowait irq softirq steal; guest time is in user already.

    /// <summary>Ticks since boot, of all CPUs; zeros where the kernel does not tell.</summary>
    public static HostSteal Now()
    {
        try
        {
            return Parse(File.ReadLines("/proc/stat").First());
        }
        catch (IOException)
        {
            return default;
        }
    }

    /// <summary>Reads the first line of /proc/stat.</summary>
    public static HostSteal Parse(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= StolenField)
        {
            return default;
        }

        var ticks = fields[1..(StolenField + 1)].Select(static field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return new HostSteal(ticks[^1], ticks.Sum());
    }

    /// <summary>Percent of all CPU time since an earlier reading; null when no time passed.</summary>
    public double? PercentSince(HostSteal before) =>
        All > before.All ? Math.Round(100 * (Stolen - before.Stolen) / (All - before.All), 2) : null;
}
