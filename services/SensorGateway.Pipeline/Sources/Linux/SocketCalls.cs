using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Sources.Linux;

/// <summary>The Linux socket calls of the payload path. Opening, binding and listening go through the framework.</summary>
internal static unsafe partial class SocketCalls
{
    public const int ErrorInterrupted = 4;      // EINTR
    public const int ErrorBadDescriptor = 9;    // EBADF
    public const int ErrorTryAgain = 11;        // EAGAIN
    public const int ErrorBadAddress = 14;      // EFAULT
    public const int ErrorInvalid = 22;         // EINVAL
    public const int ErrorNotASocket = 88;      // ENOTSOCK
    public const int ErrorAborted = 103;        // ECONNABORTED

    public const int DontWait = 0x40;           // MSG_DONTWAIT
    public const int Truncated = 0x20;          // MSG_TRUNC
    public const int NonBlockingCloseOnExec = 0x80800; // SOCK_NONBLOCK | SOCK_CLOEXEC

    private const int LevelSocket = 1;          // SOL_SOCKET
    private const int OptionMemoryInfo = 55;    // SO_MEMINFO, Linux 4.12
    private const int MemoryInfoWords = 9;      // SK_MEMINFO_VARS
    private const int MemoryInfoDrops = 8;      // SK_MEMINFO_DROPS

    private const string C = "libc";

    [LibraryImport(C, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, byte* buffer, nuint bytes, int flags);

    [LibraryImport(C, EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMany(int socket, Message* messages, uint count, int flags, void* timeout);

    [LibraryImport(C, EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int socket, byte* address, uint* addressBytes, int flags);

    [LibraryImport(C, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(C, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, byte* change);

    [LibraryImport(C, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* ready, int readyMax, int timeoutMilliseconds);

    [LibraryImport(C, EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(int socket, int level, int option, void* value, uint* valueBytes);

    /// <summary>Datagrams the kernel threw away for want of room since the socket was opened; wraps around.</summary>
    /// <remarks>
    /// Asked for rather than taken from SO_RXQ_OVFL, which tells of a drop only with the next datagram: at the end of a
    /// burst there is none, and the books would not balance.
    /// </remarks>
    public static uint KernelDrops(int socket)
    {
        var words = stackalloc uint[MemoryInfoWords];
        uint bytes = MemoryInfoWords * sizeof(uint);
        return GetOption(socket, LevelSocket, OptionMemoryInfo, words, &bytes) == 0
            && bytes > MemoryInfoDrops * sizeof(uint) ? words[MemoryInfoDrops] : 0;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Segment
    {
        public byte* Start;
        public nuint Bytes;
    }

    /// <summary>struct mmsghdr of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public byte* Address;
        public uint AddressBytes;
        public Segment* Segments;
        public nuint SegmentCount;
        public void* Control;
        public nuint ControlBytes;
        public int Flags;
        public uint Padding; // The inner struct msghdr ends on a multiple of eight bytes.
        public uint PayloadBytes;
    }
}
