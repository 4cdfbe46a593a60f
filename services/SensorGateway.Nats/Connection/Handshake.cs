using System.Diagnostics;
using System.Text;
using SensorGateway.Nats.Login;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats.Connection;

/// <summary>The first exchange on a fresh connection: INFO, CONNECT and PING, PONG.</summary>
internal sealed class Handshake(
    WireSocket socket, ReceiveBuffer received, NatsEndpoint endpoint, NatsCredentials credentials, TimeSpan stepLimit,
    Func<bool> cancelled)
{
    private static readonly TimeSpan CancelCheck = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns what the server said of itself once it has accepted us.</summary>
    /// <exception cref="NatsException">It did not, or it is no NATS server; the message says which.</exception>
    public ServerInfo Run(string clientName, string? inbox)
    {
        var info = ReadInfo();
        if (info.TlsRequired)
        {
            throw new NatsException(
                $"{endpoint} requires TLS, which is not in this version; "
                + "use a server without TLS on a trusted network");
        }

        if (inbox is not null && !info.Headers)
        {
            throw new NatsException($"{endpoint} takes no headers, which JetStream needs; enable them on the server");
        }

        var proof = LoginProof.Create(credentials, info.Nonce);
        SendAll(ConnectLine.Create(clientName, credentials, Dialer.ClientVersion, proof, inbox));
        return ReadAnswer(info);
    }

    private ServerInfo ReadInfo()
    {
        var line = ServerLine.Parse(ReadLine($"sent no INFO within {stepLimit.TotalMilliseconds}ms", mustBeInfo: true));
        return ServerInfo.Parse(line.Argument) ?? throw NotNats(line.Argument);
    }

    private ServerInfo ReadAnswer(ServerInfo info)
    {
        while (true)
        {
            var text = ReadLine($"did not answer CONNECT within {stepLimit.TotalMilliseconds}ms", mustBeInfo: false);
            var line = ServerLine.Parse(text);
            switch (line.Kind)
            {
                case ServerLineKind.Pong:
                    return info;
                case ServerLineKind.Info:
                    info = ServerInfo.Parse(line.Argument) ?? throw NotNats(line.Argument);
                    break;
                case ServerLineKind.Ping:
                    SendAll("PONG\r\n"u8);
                    break;
                case ServerLineKind.Ok:
                    break;
                case ServerLineKind.Error:
                    throw Refusal(ServerText.Printable(line.Argument));
                default:
                    throw NotNats(text);
            }
        }
    }

    private NatsException Refusal(string text) => ServerError.Classify(text) == ServerErrorKind.Refused
        ? new NatsException($"{endpoint} refused us: {text}; {credentials.Cure}") { IsRefused = true }
        : text.Contains("Subscription to", StringComparison.OrdinalIgnoreCase)
            ? new NatsException($"{endpoint} answered: {text}; allow this user to subscribe to _INBOX.>")
            : new NatsException($"{endpoint} answered: {text}");

    private NatsException NotNats(ReadOnlySpan<byte> text) => new(
        $"{endpoint} does not speak NATS: it sent \"{ServerText.Printable(text, 60)}\"; check host and port");

    private ReadOnlySpan<byte> ReadLine(string whenLate, bool mustBeInfo)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (mustBeInfo && !StartsLikeInfo(received.Unread))
            {
                throw NotNats(received.Unread);
            }

            switch (received.TryReadLine(out var line))
            {
                case LineResult.Line:
                    return line;
                case LineResult.TooLong:
                    throw new NatsException($"{endpoint} sent a line without end; check host and port");
            }

            if (cancelled() || Stopwatch.GetElapsedTime(start) >= stepLimit)
            {
                throw new NatsException(
                    $"{endpoint} {whenLate}; check that a NATS server listens there and is not stuck");
            }

            Receive();
        }
    }

    private void Receive()
    {
        if (!socket.WaitReadable(stepLimit < CancelCheck ? stepLimit : CancelCheck))
        {
            return;
        }

        var bytes = socket.TryReceive(received.Writable());
        if (bytes == 0)
        {
            throw new NatsException($"{endpoint} closed the connection before it accepted us");
        }

        if (bytes == WireSocket.Failed)
        {
            throw new NatsException(
                $"{endpoint} broke the connection before it accepted us: {WireSocket.LastErrorText}");
        }

        received.Commit(Math.Max(bytes, 0));
    }

    // Known after the first byte, so that a chatty stranger is named at once and not after the time limit.
    private static bool StartsLikeInfo(ReadOnlySpan<byte> unread)
    {
        var wanted = "INFO "u8;
        var seen = unread[..Math.Min(unread.Length, wanted.Length)];
        return Ascii.EqualsIgnoreCase(seen, wanted[..seen.Length]);
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        var start = Stopwatch.GetTimestamp();
        while (!bytes.IsEmpty)
        {
            var sent = socket.TrySend(bytes);
            if (sent == WireSocket.Failed)
            {
                throw new NatsException($"{endpoint} broke the connection: {WireSocket.LastErrorText}");
            }

            bytes = bytes[Math.Max(sent, 0)..];
            if (sent == WireSocket.WouldBlock && (cancelled() || Stopwatch.GetElapsedTime(start) >= stepLimit))
            {
                throw new NatsException($"{endpoint} takes no bytes");
            }

            if (sent == WireSocket.WouldBlock)
            {
                _ = socket.WaitWritable(CancelCheck);
            }
        }
    }
}
