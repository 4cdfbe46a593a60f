using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Traffic;

namespace SensorGateway.Cli.Demo;

/// <summary>Plays a site's sensors: sends mixed traffic through one TCP connection at a steady rate.</summary>
internal sealed class DemoSender : IDisposable
{
    private const int HeaderBytes = 4;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };
    private readonly TrafficGenerator _traffic = new(seed: 7);
    private readonly byte[] _frame = new byte[HeaderBytes + TrafficGenerator.PayloadBytesMax];
    private readonly long[] _sentAt;
    private readonly double _ticksPerPayload;

    /// <param name="gateway">The TCP source.</param>
    /// <param name="count">Payloads to send.</param>
    /// <param name="ratePerSecond">Payloads a second.</param>
    public DemoSender(IPEndPoint gateway, int count, int ratePerSecond)
    {
        _sentAt = new long[count];
        _ticksPerPayload = Stopwatch.Frequency / (double)ratePerSecond;
        _socket.Connect(gateway);
    }

    /// <summary>Payloads sent so far.</summary>
    public int Sent { get; private set; }

    /// <summary>Malicious ones among them.</summary>
    public int Malicious { get; private set; }

    /// <summary>When a payload was sent, in Stopwatch ticks; 0 if its marker is not one of ours.</summary>
    public long SentAt(long number) => number >= 0 && number < _sentAt.Length ? Volatile.Read(ref _sentAt[number]) : 0;

    /// <summary>Sends all, unless cancelled.</summary>
    public void Run(CancellationToken cancel)
    {
        var from = Stopwatch.GetTimestamp();
        while (Sent < _sentAt.Length && !cancel.IsCancellationRequested)
        {
            var length = _traffic.Next(_frame.AsSpan(HeaderBytes), Sent, out var kind);
            BinaryPrimitives.WriteInt32BigEndian(_frame, length);
            WaitUntil(from + (long)(Sent * _ticksPerPayload));

            // From the real send, not the intended one: this sender sleeps coarsely, and that is not the gateway's
            // time.
            // The load test measures from intended times.
            Volatile.Write(ref _sentAt[Sent], Stopwatch.GetTimestamp());
            for (var sent = 0; sent < HeaderBytes + length;)
            {
                sent += _socket.Send(_frame.AsSpan(sent, HeaderBytes + length - sent));
            }

            Sent++;
            Malicious += TrafficKinds.IsMalicious(kind) ? 1 : 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static void WaitUntil(long ticks)
    {
        var left = Clock.Nanoseconds(Stopwatch.GetTimestamp(), ticks);
        if (left > 100_000)
        {
            Thread.Sleep((int)(left / 1_000_000) is var whole and > 0 ? whole : 1);
        }
    }
}
