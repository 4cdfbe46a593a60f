using System.Globalization;

namespace SensorGateway.LoadTest.Meters;

/// <summary>CPU time of a gateway's threads, in nanoseconds, from the scheduler's own books.</summary>
internal static class ThreadUsage
{
    /// <summary>All threads on the payload's way together.</summary>
    public static long HotNanoseconds(int pid) => Sum(pid, IsHot);

    /// <summary>All threads that live now.</summary>
    public static long AllNanoseconds(int pid) => Sum(pid, static _ => true);

    private static long Sum(int pid, Predicate<string> isMeant)
    {
        var sum = 0L;
        foreach (var folder in Directory.EnumerateDirectories($"/proc/{pid}/task"))
        {
            try
            {
                var name = File.ReadAllText(Path.Combine(folder, "comm"));
                sum += isMeant(name)
                    ? long.Parse(File.ReadAllText(Path.Combine(folder, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture)
                    : 0;
            }
            catch (IOException)
            {
                // The thread has ended; those that count here live as long as the process.
            }
        }

        return sum;
    }

    private static bool IsHot(string name) =>
        name.StartsWith("ingest-", StringComparison.Ordinal)
        || name.StartsWith("detect-", StringComparison.Ordinal)
        || name.StartsWith("publish", StringComparison.Ordinal);
}
