using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SensorGateway.LoadTest.Sending;

/// <summary>Sleeps until a Stopwatch time to within microseconds; Thread.Sleep knows only whole milliseconds.</summary>
internal static partial class PreciseSleep
{
    private const int ClockMonotonic = 1; // The clock behind Stopwatch on Linux, in nanoseconds as well.
    private const int AbsoluteTime = 1;
    private const int SetTimerSlack = 29;
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>Lets the calling thread be woken at once; the kernel's default may add 50 us to every sleep.</summary>
    public static void PrepareCallingThread()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Prctl(SetTimerSlack, 1, 0, 0, 0);
        }
    }

    /// <summary>Returns at <paramref name="ticks"/>, or at once when that has passed.</summary>
    public static void Until(long ticks)
    {
        if (OperatingSystem.IsLinux() && Stopwatch.Frequency == NsPerSecond)
        {
            var (seconds, nanoseconds) = Math.DivRem(ticks, NsPerSecond);
            var until = new TimeSpec { Seconds = (nint)seconds, Nanoseconds = (nint)nanoseconds };
            _ = ClockNanosleep(ClockMonotonic, AbsoluteTime, in until, 0);
            return;
        }

        var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), ticks);
        if (left > TimeSpan.Zero)
        {
            Thread.Sleep(left);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, in TimeSpec until, nint remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
