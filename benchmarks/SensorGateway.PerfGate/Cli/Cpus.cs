namespace SensorGateway.PerfGate.Cli;

/// <summary>CPUs that this process may use.</summary>
internal static class Cpus
{
    /// <summary>The last one allowed: the first often serves the machine's interrupts. Null where nobody says.</summary>
    public static int? Last()
    {
        const string file = "/proc/self/status";
        const string field = "Cpus_allowed_list:";
        if (!File.Exists(file))
        {
            return null;
        }

        var list = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
        return list is null ? null : LastOf(list[field.Length..]);
    }

    /// <summary>The last number of a list such as <c>0-3,7</c>; null when it is none.</summary>
    public static int? LastOf(string list) =>
        int.TryParse(list.Trim().Split(',', '-')[^1], out var cpu) ? cpu : null;
}
