using System.Diagnostics;
using SensorGateway.Nats.Connection;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats.Measuring;

/// <summary>
/// Logs in and then sends its caller's bytes as they are: shows what a server and a network can take at most.
/// </summary>
/// <remarks>Owner: one thread. It keeps nothing and confirms nothing but <see cref="WaitForPong"/>.</remarks>
public sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Transport _transport;
    private readonly ReceiveBuffer _received;

    private RawConnection(Transport transport, ReceiveBuffer received)
    {
        _transport = transport;
        _received = received;
    }

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="NatsException">The server cannot be reached or refuses us.</exception>
    public static RawConnection Connect(NatsEndpoint endpoint, NatsTlsOptions tls, string clientName)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var received = new ReceiveBuffer(4096, ReceiveBuffer.InfoLineMaxBytes + ReceiveBuffer.LineMaxBytes);
        var (transport, _) = Dialer.Dial(
            endpoint, clientName, NatsCredentials.None, tls, new DialLimits(TimeSpan.FromSeconds(2), Limit), received,
            static () => false);
        return new RawConnection(transport, received);
    }

    /// <summary>Sends all of it, waiting for the socket as long as it takes some now and then.</summary>
    /// <exception cref="NatsException">The server left, or takes nothing.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        var sent = 0;
        while (!bytes.IsEmpty || sent == Transport.WouldBlock)
        {
            sent = bytes.IsEmpty ? _transport.TryFlush() : _transport.TrySend(bytes);
            if (sent == Transport.Failed || (sent == Transport.WouldBlock && !_transport.WaitWritable(Limit)))
            {
                throw new NatsException($"the server takes no bytes: {_transport.LastErrorText}");
            }

            bytes = bytes[Math.Max(sent, 0)..];
            sent = bytes.IsEmpty && sent > 0 ? _transport.TryFlush() : sent;
        }
    }

    /// <summary>Asks the server and waits until it has read everything before that.</summary>
    /// <exception cref="NatsException">It does not answer, or complains.</exception>
    public void WaitForPong()
    {
        Send("PING\r\n"u8);
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            while (_received.TryReadLine(out var text) == LineResult.Line)
            {
                var line = ServerLine.Parse(text);
                switch (line.Kind)
                {
                    case ServerLineKind.Pong:
                        return;
                    case ServerLineKind.Ping:
                        Send("PONG\r\n"u8);
                        break;
                    case ServerLineKind.Error:
                        throw new NatsException($"the server reports: {ServerText.Printable(line.Argument)}");
                }
            }

            var bytes = _transport.WaitReadable(Limit) ? _transport.TryReceive(_received.Writable()) : Transport.WouldBlock;
            if (bytes is 0 or Transport.Failed || Stopwatch.GetElapsedTime(start) > Limit)
            {
                throw new NatsException("the server does not answer");
            }

            _received.Commit(Math.Max(bytes, 0));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();
}
