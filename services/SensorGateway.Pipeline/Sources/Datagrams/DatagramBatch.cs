using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SensorGateway.Pipeline.Sources.Linux;

namespace SensorGateway.Pipeline.Sources.Datagrams;

/// <summary>Buffers for the datagrams that one recvmmsg call may bring. Made once. Owner: the ingest thread.</summary>
internal sealed unsafe class DatagramBatch
{
    /// <summary>Most datagrams a call; measured: 8 get most of the gain over single calls, 64 hardly more than 32.</summary>
    public const int DatagramsMax = 16;

    private readonly byte[] _memory;
    private readonly byte* _payloads;
    private readonly byte* _addresses;
    private readonly SocketCalls.Segment* _segments;
    private readonly SocketCalls.Message* _messages;
    private readonly int _payloadBytesMax;

    public DatagramBatch(int payloadBytesMax)
    {
        _payloadBytesMax = payloadBytesMax;
        var perDatagram = sizeof(SocketCalls.Message) + sizeof(SocketCalls.Segment) + PeerAddress.SocketAddressBytes
            + payloadBytesMax;

        // Not cleared: pages of buffers that no datagram ever fills are never taken from the system.
        _memory = GC.AllocateUninitializedArray<byte>(perDatagram * DatagramsMax + sizeof(long), pinned: true);
        var start = ((nuint)Unsafe.AsPointer(ref _memory[0]) + sizeof(long) - 1) & ~(nuint)(sizeof(long) - 1);
        _messages = (SocketCalls.Message*)start;
        _segments = (SocketCalls.Segment*)(_messages + DatagramsMax);
        _addresses = (byte*)(_segments + DatagramsMax);
        _payloads = _addresses + DatagramsMax * PeerAddress.SocketAddressBytes;
        for (var i = 0; i < DatagramsMax; i++)
        {
            _segments[i] = new() { Start = _payloads + (nint)i * payloadBytesMax, Bytes = (nuint)payloadBytesMax };
            _messages[i] = new()
            {
                Address = _addresses + i * PeerAddress.SocketAddressBytes,
                AddressBytes = PeerAddress.SocketAddressBytes,
                Segments = _segments + i,
                SegmentCount = 1,
            };
        }
    }

    /// <summary>Takes what waits in the socket, without waiting.</summary>
    /// <returns>How many datagrams came; 0 when none waited.</returns>
    public int Receive(int socket)
    {
        var count = SocketCalls.ReceiveMany(socket, _messages, DatagramsMax, SocketCalls.DontWait, null);
        if (count < 0 && Marshal.GetLastPInvokeError() is SocketCalls.ErrorBadDescriptor
            or SocketCalls.ErrorInvalid or SocketCalls.ErrorBadAddress or SocketCalls.ErrorNotASocket)
        {
            throw new IOException($"recvmmsg failed with errno {Marshal.GetLastPInvokeError()}.");
        }

        return Math.Max(count, 0); // Anything else passes: the call has taken the socket's pending error with it.
    }

    /// <summary>The bytes of the n-th datagram.</summary>
    public ReadOnlySpan<byte> Payload(int index) =>
        new(_payloads + (nint)index * _payloadBytesMax, (int)_messages[index].PayloadBytes);

    /// <summary>True when the n-th datagram was longer than max_payload and the kernel cut it off.</summary>
    public bool IsTruncated(int index) => (_messages[index].Flags & SocketCalls.Truncated) != 0;

    /// <summary>Who sent the n-th datagram.</summary>
    public PeerAddress Peer(int index)
    {
        _messages[index].AddressBytes = PeerAddress.SocketAddressBytes; // The kernel made it the real length.
        return PeerAddress.From(new ReadOnlySpan<byte>(
            _addresses + index * PeerAddress.SocketAddressBytes, PeerAddress.SocketAddressBytes));
    }
}
