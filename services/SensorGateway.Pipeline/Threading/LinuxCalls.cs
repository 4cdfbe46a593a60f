using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Threading;

/// <summary>The Linux calls that threads wait and pin with. Everything else goes through the framework.</summary>
internal static unsafe partial class LinuxCalls
{
    public const int ErrorInterrupted = 4; // EINTR
    public const short PollIn = 1;
    public const short PollOut = 4;

    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport(C, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport(C, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, void* buffer, nuint bytes);

    [LibraryImport(C, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, void* buffer, nuint bytes);

    [LibraryImport(C, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport(C, EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SchedSetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport(C, EntryPoint = "sched_getaffinity", SetLastError = true)]
    public static partial int SchedGetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport(C, EntryPoint = "gettid")]
    public static partial int GetThreadId();

    [LibraryImport(C, EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int ClockGetTime(int clock, TimeSpec* time);

    /// <summary>Seconds and nanoseconds, as 64-bit Linux lays them out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>One descriptor that poll(2) watches.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
