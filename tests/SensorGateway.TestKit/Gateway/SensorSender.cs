using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;

namespace SensorGateway.TestKit.Gateway;

/// <summary>Plays one sensor: numbered payloads in length-prefixed frames, or one a datagram. Owner: one thread.</summary>
/// <remarks>Allocates nothing after construction.</remarks>
public sealed class SensorSender : IDisposable
{
    private const int FramesAtOnce = 128;

    private readonly Socket _socket;
    private readonly int _sensor;
    private readonly int _frameBytes;
    private readonly int _headerBytes;
    private readonly byte[] _frames;

    /// <param name="socket">Connected; closed by Dispose.</param>
    /// <param name="sensor">0 to 15, as <see cref="AlertCollector"/> tells senders apart.</param>
    /// <param name="payloadBytes">Length of each payload.</param>
    public SensorSender(Socket socket, int sensor = 0, int payloadBytes = 128)
    {
        _socket = socket;
        _sensor = sensor;
        _headerBytes = socket.SocketType == SocketType.Dgram ? 0 : 4;
        _frameBytes = _headerBytes + payloadBytes;
        _frames = new byte[FramesAtOnce * _frameBytes];
    }

    /// <summary>The sensor's number.</summary>
    public int Sensor => _sensor;

    /// <summary>The connection.</summary>
    public Socket Socket => _socket;

    /// <summary>Evil payloads sent; their numbers run from 0.</summary>
    public long Evil { get; private set; }

    /// <summary>Payloads sent, clean ones included.</summary>
    public long Sent { get; private set; }

    /// <summary>Sends as fast as the gateway takes it; every n-th payload is evil.</summary>
    public void Send(int payloads, int evilEvery = 1)
    {
        while (payloads > 0)
        {
            var some = Math.Min(payloads, _headerBytes == 0 ? 1 : FramesAtOnce);
            for (var i = 0; i < some; i++)
            {
                Write(_frames.AsSpan(i * _frameBytes, _frameBytes), evilEvery);
            }

            SendAll(_frames.AsSpan(0, some * _frameBytes));
            payloads -= some;
        }
    }

    /// <summary>Sends evil payloads at a steady rate, in bursts of a millisecond.</summary>
    public void SendPaced(int payloads, int perSecond, Action<long>? eachMillisecond = null)
    {
        var start = Stopwatch.GetTimestamp();
        for (var done = 0; done < payloads;)
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            var due = (int)Math.Min(payloads, (long)(elapsed.TotalSeconds * perSecond) + 1);
            Send(due - done);
            done = due;
            eachMillisecond?.Invoke((long)elapsed.TotalMilliseconds);
            Thread.Sleep(1);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Write(Span<byte> frame, int evilEvery)
    {
        if (_headerBytes > 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - _headerBytes);
        }

        var isEvil = Sent++ % evilEvery == evilEvery - 1;
        NumberedPayload.Write(frame[_headerBytes..], _sensor, Evil, isEvil);
        Evil += isEvil ? 1 : 0;
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }
}
