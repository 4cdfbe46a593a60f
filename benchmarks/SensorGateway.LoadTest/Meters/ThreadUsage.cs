using System.Globalization;

namespace SensorGateway.LoadTest.Meters;

/// <summary>CPU time of another process's threads, in nanoseconds, from the scheduler's own books.</summary>
internal static class ThreadUsage
{
    /// <summary>All threads, and of them those on the payload's way.</summary>
    public static (long All, long Hot) Read(int pid)
    {
        var (all, hot) = (0L, 0L);
        foreach (var folder in Directory.EnumerateDirectories($"/proc/{pid}/task"))
        {
            try
            {
                var name = File.ReadAllText(Path.Combine(folder, "comm"));
                var spent = long.Parse(
                    File.ReadAllText(Path.Combine(folder, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
                all += spent;
                hot += IsHot(name) ? spent : 0;
            }
            catch (IOException)
            {
                // The thread has ended; those that count here live as long as the process.
            }
        }

        return (all, hot);
    }

    private static bool IsHot(string name) =>
        name.StartsWith("ingest-", StringComparison.Ordinal)
        || name.StartsWith("detect-", StringComparison.Ordinal)
        || name.StartsWith("publish", StringComparison.Ordinal);
}
