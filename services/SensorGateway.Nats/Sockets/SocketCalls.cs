using System.Runtime.InteropServices;

namespace SensorGateway.Nats.Sockets;

/// <summary>System calls that System.Net.Sockets has no words for, and the numbers Linux gives them.</summary>
/// <remarks>
/// A .NET socket that ever ran asynchronously is watched by the runtime's own epoll thread, which then wakes for every
/// PONG; and its SocketFlags know no "do not wait". A plain descriptor has neither problem.
/// </remarks>
internal static partial class SocketCalls
{
    public const int SockStream = 1;
    public const int SockNonblockCloexec = 0x800 | 0x80000;
    public const int SolSocket = 1;
    public const int SoError = 4;
    public const int SoKeepalive = 9;
    public const int SoLinger = 13;
    public const int IpprotoTcp = 6;
    public const int TcpNodelay = 1;
    public const int TcpKeepidle = 4;
    public const int TcpKeepintvl = 5;
    public const int TcpKeepcnt = 6;
    public const int TcpUserTimeout = 18;
    public const int MsgDontwait = 0x40;
    public const int MsgNosignal = 0x4000;
    public const int ShutRdwr = 2;
    public const short PollIn = 1;
    public const short PollOut = 4;

    public const int Eintr = 4;
    public const int Eagain = 11;
    public const int Einprogress = 115;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static unsafe partial int Connect(SocketDescriptor socket, byte* address, uint addressBytes);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static unsafe partial int GetSockName(SocketDescriptor socket, byte* address, ref uint addressBytes);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSockOpt(SocketDescriptor socket, int level, int name, ref int value, ref uint bytes);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSockOpt(SocketDescriptor socket, int level, int name, ref int value, uint bytes);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static unsafe partial nint Send(SocketDescriptor socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static unsafe partial nint Receive(SocketDescriptor socket, byte* bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static unsafe partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(SocketDescriptor socket, int how);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(nint descriptor);
}

/// <summary>Owns one descriptor; closes it at the latest when the last call that uses it returns.</summary>
internal sealed class SocketDescriptor : SafeHandle
{
    public SocketDescriptor(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    public override bool IsInvalid => handle == -1;

    public int Number => (int)handle;

    protected override bool ReleaseHandle() => SocketCalls.Close(handle) == 0;
}
