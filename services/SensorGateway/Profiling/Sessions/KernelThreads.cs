using System.Globalization;

namespace SensorGateway.Profiling.Sessions;

/// <summary>What the kernel knows of a process's threads.</summary>
internal static class KernelThreads
{
    /// <summary>Names by thread number, each cut to 15 characters by the kernel; empty where there is no /proc.</summary>
    public static Dictionary<int, string> NamesOf(int processId)
    {
        var names = new Dictionary<int, string>();
        try
        {
            foreach (var folder in Directory.EnumerateDirectories($"/proc/{processId}/task"))
            {
                if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var thread)
                    && TryReadName(folder) is { Length: > 0 } name)
                {
                    names[thread] = name;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or the process is gone: threads then go by their numbers.
        }

        return names;
    }

    private static string? TryReadName(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).TrimEnd('\n');
        }
        catch (IOException)
        {
            return null; // The thread has ended.
        }
    }
}
