using System.Diagnostics;
using System.Globalization;
using System.Text;
using SensorGateway.Nats.Connection;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats;

/// <summary>Receives messages on the caller's thread. Small on purpose: no reconnect, no acknowledgement.</summary>
/// <remarks>Owner: one thread. When <see cref="IsOpen"/> turns false, make a new one.</remarks>
public sealed class NatsSubscriber : IDisposable
{
    private const int BufferBytes = 512 * 1024;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(2);

    private readonly Transport _socket;
    private readonly ReceiveBuffer _received;
    private readonly TimeSpan _timeout;
    private readonly Queue<HeldMessage> _held = new();
    private long _receivedTicks = Stopwatch.GetTimestamp(); // A message may come with the answer to the login.
    private long _pongs;
    private int _subscriptions;
    private int _wantedBytes = 1;
    private int _messageBytes; // Of the message last handed out: skipped when the caller is done with it.

    private NatsSubscriber(Transport socket, ReceiveBuffer received, TimeSpan timeout)
    {
        _socket = socket;
        _received = received;
        _timeout = timeout;
    }

    /// <summary>False once the connection has ended; <see cref="LastError"/> says why.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>The last thing the server or the network complained of.</summary>
    public string? LastError { get; private set; }

    /// <summary>What the server calls its version.</summary>
    public string? ServerVersion { get; private init; }

    /// <summary>Headers and payload of one message at most, as the server said.</summary>
    public int MaxPayloadBytes { get; private init; }

    /// <summary>Connects and logs in.</summary>
    /// <param name="endpoint">The server; credentials in it go before <paramref name="credentials"/>.</param>
    /// <param name="credentials">User and password, or token; null for a server that asks for none.</param>
    /// <param name="timeout">For each step; 2 s when null.</param>
    /// <param name="clientName">Shown in the server's connection lists.</param>
    /// <param name="tls">How to encrypt; not at all when null, unless the endpoint says tls://.</param>
    /// <exception cref="NatsException">The server cannot be reached or refuses us.</exception>
    public static NatsSubscriber Connect(
        NatsEndpoint endpoint, NatsCredentials? credentials = null, TimeSpan? timeout = null,
        string clientName = "sensor-gateway-subscriber", NatsTlsOptions? tls = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var step = timeout ?? DefaultTimeout;
        var received = new ReceiveBuffer(
            BufferBytes, MessageLine.PayloadMaxBytes + ReceiveBuffer.InfoLineMaxBytes);
        var (socket, info) = Dialer.Dial(
            endpoint, clientName, credentials ?? NatsCredentials.None, tls ?? NatsTlsOptions.None, new DialLimits(step, TimeSpan.FromSeconds(10)),
            received, () => false);
        return new NatsSubscriber(socket, received, step) { ServerVersion = info.Version, MaxPayloadBytes = info.MaxPayloadBytes };
    }

    /// <summary>Asks for a subject, wildcards allowed. When it returns, the server has the subscription.</summary>
    /// <exception cref="NatsException">The subject is malformed, or the server refused or left.</exception>
    public void Subscribe(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var bytes = Encoding.UTF8.GetBytes(subject);
        if (bytes.Length is 0 or > NatsSubject.MaxBytes || bytes.Any(b => b <= 0x20))
        {
            throw new NatsException($"'{ServerText.Printable(bytes)}' is not a subject; write one like alerts.>");
        }

        LastError = null;
        var pongsBefore = _pongs;
        Send(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"SUB {subject} {++_subscriptions}\r\nPING\r\n")));
        var start = Stopwatch.GetTimestamp();
        while (IsOpen && _pongs == pongsBefore)
        {
            if (Stopwatch.GetElapsedTime(start) > _timeout)
            {
                throw new NatsException($"the server did not confirm the subscription to {subject} in time");
            }

            if (TryParse(out var message))
            {
                _held.Enqueue(new HeldMessage(
                    message.Subject.ToArray(), message.Headers.ToArray(), message.Payload.ToArray(),
                    message.ReceivedTicks));
            }
            else if (_pongs == pongsBefore)
            {
                Receive(TimeSpan.FromMilliseconds(100));
            }
        }

        if (LastError is not null)
        {
            throw new NatsException($"cannot subscribe to {subject}: {LastError}");
        }
    }

    /// <summary>Sends one message that asks for an answer. For questions, not for traffic.</summary>
    /// <exception cref="NatsException">The subject is malformed, or the server left.</exception>
    public void Publish(ReadOnlySpan<byte> subject, string replyTo, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(replyTo);
        if (!NatsSubject.IsPublishable(subject) || !NatsSubject.IsPublishable(Encoding.UTF8.GetBytes(replyTo)))
        {
            throw new NatsException($"'{ServerText.Printable(subject)}' is not a subject; write one like alerts.high");
        }

        LastError = null;
        var line = string.Create(
            CultureInfo.InvariantCulture, $"PUB {Encoding.UTF8.GetString(subject)} {replyTo} {payload.Length}\r\n");
        Send([.. Encoding.UTF8.GetBytes(line), .. payload, .. PubLine.LineEnd]);
        if (!IsOpen)
        {
            throw new NatsException($"cannot publish: {LastError}");
        }
    }

    /// <summary>Waits for the next message. False when the time is over or the connection has ended.</summary>
    public bool TryRead(out NatsMessage message, TimeSpan timeout)
    {
        if (_held.TryDequeue(out var held))
        {
            message = new NatsMessage(held.Subject, held.Headers, held.Payload, held.ReceivedTicks);
            return true;
        }

        long start = 0;
        while (!TryParse(out message))
        {
            if (!IsOpen)
            {
                return false;
            }

            start = start == 0 ? Stopwatch.GetTimestamp() : start;
            var left = timeout - Stopwatch.GetElapsedTime(start);
            if (!Receive(left > TimeSpan.Zero ? left : TimeSpan.Zero) && left <= TimeSpan.Zero)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        IsOpen = false;
        _socket.Dispose();
    }

    private bool TryParse(out NatsMessage message)
    {
        _received.Skip(_messageBytes);
        _messageBytes = 0;
        message = default;
        while (IsOpen)
        {
            var result = _received.TryPeekLine(out var text, out var lineBytes);
            if (result == LineResult.NeedMore)
            {
                return false;
            }

            if (result == LineResult.TooLong)
            {
                Close("the server sent a line without end");
                return false;
            }

            var line = ServerLine.Parse(text);
            if (line.Kind is ServerLineKind.Message or ServerLineKind.MessageWithHeaders)
            {
                return TryTakeMessage(line, lineBytes, out message);
            }

            HandleControl(line, text);
            _received.Skip(lineBytes);
        }

        return false;
    }

    private bool TryTakeMessage(ServerLine line, int lineBytes, out NatsMessage message)
    {
        message = default;
        if (!MessageLine.TryParse(line.Argument, line.Kind == ServerLineKind.MessageWithHeaders, out var parsed))
        {
            Close($"the server sent a message line that cannot be read: \"{ServerText.Printable(line.Argument)}\"");
            return false;
        }

        var frameBytes = lineBytes + parsed.TotalBytes + PubLine.LineEnd.Length;
        if (_received.UnreadBytes < frameBytes)
        {
            _wantedBytes = frameBytes - _received.UnreadBytes;
            return false;
        }

        var body = _received.Unread.Slice(lineBytes, parsed.TotalBytes);
        message = new NatsMessage(
            parsed.Subject, body[..parsed.HeaderBytes], body[parsed.HeaderBytes..], _receivedTicks);
        _messageBytes = frameBytes;
        return true;
    }

    private void HandleControl(ServerLine line, ReadOnlySpan<byte> text)
    {
        switch (line.Kind)
        {
            case ServerLineKind.Ping:
                Send("PONG\r\n"u8);
                break;
            case ServerLineKind.Pong:
                _pongs++;
                break;
            case ServerLineKind.Error:
                LastError = ServerText.Printable(line.Argument);
                break;
            case ServerLineKind.Unknown:
                Close($"the server sent \"{ServerText.Printable(text, 60)}\"");
                break;
        }
    }

    private bool Receive(TimeSpan limit)
    {
        var bytes = _socket.TryReceive(_received.Writable(_wantedBytes));
        if (bytes == Transport.WouldBlock)
        {
            if (!_socket.WaitReadable(limit))
            {
                return false;
            }

            bytes = _socket.TryReceive(_received.Writable(_wantedBytes));
        }

        _receivedTicks = Stopwatch.GetTimestamp();
        if (bytes > 0)
        {
            _received.Commit(bytes);
            _wantedBytes = 1;
            return true;
        }

        if (bytes != Transport.WouldBlock)
        {
            Close(LastError ?? (bytes == 0 ? "the server closed the connection" : _socket.LastErrorText));
        }

        return false;
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        var start = Stopwatch.GetTimestamp();
        var sent = 0;
        while (IsOpen && (!bytes.IsEmpty || sent == Transport.WouldBlock))
        {
            sent = bytes.IsEmpty ? _socket.TryFlush() : _socket.TrySend(bytes);
            bytes = bytes[Math.Max(sent, 0)..];
            sent = bytes.IsEmpty && sent != Transport.Failed ? _socket.TryFlush() : sent;
            if (sent == Transport.Failed
                || (sent == Transport.WouldBlock && Stopwatch.GetElapsedTime(start) > _timeout))
            {
                Close("the server takes no bytes");
            }
            else if (sent == Transport.WouldBlock)
            {
                _ = _socket.WaitWritable(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private void Close(string reason)
    {
        LastError = reason;
        IsOpen = false;
        _socket.Shutdown();
    }

    private sealed record HeldMessage(byte[] Subject, byte[] Headers, byte[] Payload, long ReceivedTicks);
}
