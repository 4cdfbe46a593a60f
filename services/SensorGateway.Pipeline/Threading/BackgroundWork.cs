namespace SensorGateway.Pipeline.Threading;

/// <summary>Threads whose work may wait while payloads are there: compiling code, pricing rules.</summary>
/// <remarks>
/// The framework's thread priorities do nothing on Linux; there each thread has a nice value, and raising it needs no
/// permission. Nothing that makes much garbage belongs here: a collection stops all threads and then waits for the slow one.
/// </remarks>
public static class BackgroundWork
{
    // A third of a usual thread's share while CPUs are short: work still ends soon, and no payload queues behind it long.
    private const int Nice = 5;
    private const int PriorityOfProcess = 0;

    // The kernel keeps 15 characters.
    private const string CompilerName = ".NET Tiered Com";

    /// <summary>Starts a background thread of low priority.</summary>
    public static Thread Start(string name, Action run)
    {
        var thread = new Thread(() => RunLowered(run)) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    /// <summary>Lowers the runtime's own compiling thread; it ends when it has been idle for some seconds, and a new one is a usual thread again.</summary>
    /// <returns>True when there was one.</returns>
    public static bool LowerCompiler()
    {
        var found = false;
        if (!OperatingSystem.IsLinux())
        {
            return found;
        }

        try
        {
            foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
            {
                if (File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == CompilerName
                    && int.TryParse(Path.GetFileName(task), out var thread))
                {
                    LowerThread(thread);
                    found = true;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // A thread ended between the list and the look: the next call sees the others.
        }

        return found;
    }

    private static void RunLowered(Action run)
    {
        LowerThread(0);
        run();
    }

    private static void LowerThread(int thread)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = LinuxCalls.SetPriority(PriorityOfProcess, thread, Nice); // Refused: it stays a usual thread.
        }
    }
}
