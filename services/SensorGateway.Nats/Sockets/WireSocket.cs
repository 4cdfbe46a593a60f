using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SensorGateway.Nats.Sockets;

/// <summary>A connected TCP socket that never blocks in send and receive.</summary>
internal sealed class WireSocket : Transport
{
    private readonly SocketDescriptor _socket;

    private WireSocket(SocketDescriptor socket) => _socket = socket;

    public override int Descriptor => _socket.IsClosed ? -1 : _socket.Number;

    public override string LastErrorText => ErrorText;

    private static string ErrorText => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    /// <summary>Connects within the limit.</summary>
    /// <exception cref="NatsException">Nobody listens, no route, or no answer in time.</exception>
    public static WireSocket Connect(
        IPEndPoint address, TimeSpan timeout, TimeSpan unansweredLimit, Func<bool> cancelled)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new NatsException("publishing to NATS needs Linux in this version");
        }

        var descriptor = SocketCalls.Socket((int)NativeFamily(address), SocketCalls.SockStream
            | SocketCalls.SockNonblockCloexec, SocketCalls.IpprotoTcp);
        if (descriptor < 0)
        {
            throw new NatsException($"cannot open a socket: {ErrorText}");
        }

        var socket = new WireSocket(new SocketDescriptor(descriptor));
        try
        {
            socket.SetOptions(unansweredLimit);
            socket.ConnectTo(address, timeout, cancelled);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // A frame of its own tells profiles sending from framing.
    public override unsafe int TrySend(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            while (true)
            {
                var sent = SocketCalls.Send(
                    _socket, first, (nuint)bytes.Length, SocketCalls.MsgDontwait | SocketCalls.MsgNosignal);
                if (sent >= 0)
                {
                    return (int)sent;
                }

                if (Marshal.GetLastPInvokeError() is var error && error != SocketCalls.Eintr)
                {
                    return error == SocketCalls.Eagain ? WouldBlock : Failed;
                }
            }
        }
    }

    /// <summary>Everything taken is with the kernel already.</summary>
    public override int TryFlush() => 0;

    public override unsafe int TryReceive(Span<byte> target)
    {
        fixed (byte* first = target)
        {
            while (true)
            {
                var received = SocketCalls.Receive(_socket, first, (nuint)target.Length, SocketCalls.MsgDontwait);
                if (received >= 0)
                {
                    return (int)received;
                }

                if (Marshal.GetLastPInvokeError() is var error && error != SocketCalls.Eintr)
                {
                    return error == SocketCalls.Eagain ? WouldBlock : Failed;
                }
            }
        }
    }

    public override bool WaitReadable(TimeSpan limit) => Wait(SocketCalls.PollIn, limit);

    public override bool WaitWritable(TimeSpan limit) => Wait(SocketCalls.PollOut, limit);

    public override void Shutdown()
    {
        try
        {
            _ = SocketCalls.Shutdown(_socket, SocketCalls.ShutRdwr);
        }
        catch (ObjectDisposedException)
        {
            // Closed by its owner just now: nobody waits on it any more.
        }
    }

    public override void Dispose() => _socket.Dispose();

    private static System.Net.Sockets.AddressFamily NativeFamily(IPEndPoint address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? (System.Net.Sockets.AddressFamily)10 // AF_INET6 of Linux; .NET has Windows' number.
            : address.AddressFamily;

    private unsafe void ConnectTo(IPEndPoint address, TimeSpan timeout, Func<bool> cancelled)
    {
        var native = address.Serialize().Buffer.Span;
        fixed (byte* first = native)
        {
            if (SocketCalls.Connect(_socket, first, (uint)native.Length) != 0)
            {
                if (Marshal.GetLastPInvokeError() != SocketCalls.Einprogress)
                {
                    throw new NatsException($"cannot connect to {address}: {ErrorText}");
                }

                WaitConnected(address, timeout, cancelled);
            }
        }

        // While nobody listens on a port of the ephemeral range, the kernel may pick that very port for our end and
        // connect us to ourselves; the server could then not take its port back.
        Span<byte> own = stackalloc byte[128];
        var ownBytes = (uint)own.Length;
        fixed (byte* first = own)
        {
            var compared = Math.Min(native.Length, 24); // Family, port and address; not the IPv6 scope behind them.
            if (SocketCalls.GetSockName(_socket, first, ref ownBytes) == 0
                && own[..compared].SequenceEqual(native[..compared]))
            {
                throw new NatsException($"cannot connect to {address}: nobody listens there");
            }
        }
    }

    private void WaitConnected(IPEndPoint address, TimeSpan timeout, Func<bool> cancelled)
    {
        var start = Stopwatch.GetTimestamp();
        while (!WaitWritable(TimeSpan.FromMilliseconds(100)))
        {
            if (cancelled() || Stopwatch.GetElapsedTime(start) >= timeout)
            {
                throw new NatsException($"cannot connect to {address}: no answer within {timeout.TotalMilliseconds}ms");
            }
        }

        var error = 0;
        var bytes = (uint)sizeof(int);
        _ = SocketCalls.GetSockOpt(_socket, SocketCalls.SolSocket, SocketCalls.SoError, ref error, ref bytes);
        if (error != 0)
        {
            throw new NatsException($"cannot connect to {address}: {new Win32Exception(error).Message}");
        }
    }

    private void SetOptions(TimeSpan unansweredLimit)
    {
        Set(SocketCalls.IpprotoTcp, SocketCalls.TcpNodelay, 1);
        Set(SocketCalls.IpprotoTcp, SocketCalls.TcpUserTimeout, (int)unansweredLimit.TotalMilliseconds);
        Set(SocketCalls.SolSocket, SocketCalls.SoKeepalive, 1);
        Set(SocketCalls.IpprotoTcp, SocketCalls.TcpKeepidle, 10);
        Set(SocketCalls.IpprotoTcp, SocketCalls.TcpKeepintvl, 5);
        Set(SocketCalls.IpprotoTcp, SocketCalls.TcpKeepcnt, 3);
    }

    // An option the kernel does not know costs speed of detection only; PINGs of our own find a dead peer as well.
    private void Set(int level, int name, int value) =>
        _ = SocketCalls.SetSockOpt(_socket, level, name, ref value, sizeof(int));

    private unsafe bool Wait(short events, TimeSpan limit)
    {
        var entry = new SocketCalls.PollEntry { Descriptor = _socket.Number, Events = events };
        var milliseconds = (int)Math.Clamp(Math.Ceiling(limit.TotalMilliseconds), 0, int.MaxValue);

        // An interrupted wait counts as one that is over: every caller looks at its clock and comes back.
        return SocketCalls.Poll(&entry, 1, milliseconds) > 0;
    }
}
