using System.Collections.Concurrent;

namespace SensorGateway.Pipeline.Threading;

/// <summary>Full names of the running role threads, for profiles: the kernel keeps only their first 15 characters.</summary>
public static class ThreadRoster
{
    private static readonly ConcurrentDictionary<int, string> Names = new();

    /// <summary>The threads now: the kernel's thread number and the name of the role.</summary>
    public static KeyValuePair<int, string>[] Threads => [.. Names];

    /// <summary>Called by a role's own thread when it begins.</summary>
    internal static void Enter(string role)
    {
        if (OperatingSystem.IsLinux())
        {
            Names[LinuxCalls.GetThreadId()] = role;
        }
    }

    /// <summary>Called by a role's own thread when it ends: the kernel gives its number to others.</summary>
    internal static void Leave()
    {
        if (OperatingSystem.IsLinux())
        {
            Names.TryRemove(LinuxCalls.GetThreadId(), out _);
        }
    }
}
