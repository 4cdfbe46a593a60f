using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SensorGateway.LoadTest.Measuring;

namespace SensorGateway.LoadTest.Sending;

/// <summary>Sends payloads at their intended times, or as fast as they are taken.</summary>
/// <remarks>
/// Open loop: what is due is sent, all of it in one call per connection, and a call that blocks makes the payloads
/// behind it late without moving their intended times. Owner: the sender's thread.
/// </remarks>
internal sealed class LoadSender : IDisposable
{
    private const int ChunkBytes = 64 * 1024;

    private readonly Schedule _schedule;
    private readonly PayloadSet _payloads;
    private readonly Outgoing[] _connections;

    /// <param name="schedule">Which payload is due when.</param>
    /// <param name="payloads">What is sent.</param>
    /// <param name="port">Of the gateway on loopback.</param>
    /// <param name="sensors">Different loopback addresses to send from.</param>
    public LoadSender(Schedule schedule, PayloadSet payloads, int port, int sensors)
    {
        _schedule = schedule;
        _payloads = payloads;
        _connections = [.. Enumerable.Range(0, schedule.Connections).Select(i => new Outgoing(port, i % sensors))];
    }

    /// <summary>Payloads sent so far; also the number of the next one.</summary>
    public long Sent { get; private set; }

    /// <summary>Alerts among them.</summary>
    public long Alerts { get; private set; }

    /// <summary>How late payloads of the measured part were handed to the kernel.</summary>
    public LatencyHistogram Lateness { get; } = new();

    /// <summary>Sends all payloads below <paramref name="end"/>, each when it is due.</summary>
    public void SendPaced(long end)
    {
        while (Sent < end)
        {
            PreciseSleep.Until(_schedule.IntendedTicks(Sent));
            var nowTicks = Stopwatch.GetTimestamp();
            var due = Math.Min(end, _schedule.DueBefore(nowTicks));
            while (Sent < due)
            {
                if (_schedule.IsMeasured(Sent))
                {
                    Lateness.Record(nowTicks - _schedule.IntendedTicks(Sent));
                }

                Append();
            }

            Flush();
        }
    }

    /// <summary>Sends without pause until <paramref name="untilTicks"/>, and at last one alert on each connection.</summary>
    public void SendUnthrottled(long untilTicks)
    {
        while (Stopwatch.GetTimestamp() < untilTicks && Sent < _schedule.SequenceMax - (2L * ChunkBytes))
        {
            for (var bytes = 0; bytes < ChunkBytes;)
            {
                bytes += Append();
            }

            Flush();
        }

        var closing = _schedule.CloseAfter(Sent);
        while (Sent < closing + _schedule.Connections)
        {
            Append();
        }

        Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Socket.Dispose();
        }
    }

    private int Append()
    {
        var connection = _connections[_schedule.ConnectionOf(Sent)];
        if (connection.Filled + _payloads.FrameBytesMax > ChunkBytes)
        {
            connection.Flush();
        }

        var alert = _schedule.IsAlert(Sent);
        var bytes = _payloads.Write(connection.Chunk.AsSpan(connection.Filled), Sent, alert);
        connection.Filled += bytes;
        Alerts += alert ? 1 : 0;
        Sent++;
        return bytes;
    }

    private void Flush()
    {
        foreach (var connection in _connections)
        {
            connection.Flush();
        }
    }

    private sealed class Outgoing
    {
        public Outgoing(int port, int sensor)
        {
            if (sensor > 0)
            {
                // All of 127.0.0.0/8 is this host on Linux: another address is another sensor to the gateway.
                var address = new IPAddress([127, 0, (byte)(1 + (sensor / 200)), (byte)(1 + (sensor % 200))]);
                Socket.Bind(new IPEndPoint(address, 0));
            }

            Socket.Connect(IPAddress.Loopback, port);
        }

        public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };

        public byte[] Chunk { get; } = new byte[ChunkBytes];

        public int Filled { get; set; }

        public void Flush()
        {
            for (var sent = 0; sent < Filled;)
            {
                sent += Socket.Send(Chunk, sent, Filled - sent, SocketFlags.None);
            }

            Filled = 0;
        }
    }
}
