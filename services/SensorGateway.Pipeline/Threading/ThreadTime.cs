using System.Diagnostics;

namespace SensorGateway.Pipeline.Threading;

/// <summary>CPU time of the calling thread, which stands still while others have the CPU.</summary>
internal static unsafe class ThreadTime
{
    private const int ThreadCpuClock = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Nanoseconds of CPU the calling thread has spent; wall time where the system cannot tell.</summary>
    public static long SpentNanoseconds()
    {
        LinuxCalls.TimeSpec time;
        return OperatingSystem.IsLinux() && LinuxCalls.ClockGetTime(ThreadCpuClock, &time) == 0
            ? time.Seconds * 1_000_000_000 + time.Nanoseconds
            : (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds;
    }
}
