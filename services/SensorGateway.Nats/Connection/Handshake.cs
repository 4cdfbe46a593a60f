using System.Diagnostics;
using System.Text;
using SensorGateway.Nats.Login;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sockets;
using SensorGateway.Nats.Tls;

namespace SensorGateway.Nats.Connection;

/// <summary>The first exchange on a fresh connection: INFO, TLS if asked for, CONNECT and PING, PONG.</summary>
internal sealed class Handshake(
    WireSocket socket, ReceiveBuffer received, DialTerms terms, TimeSpan stepLimit, Func<bool> cancelled)
{
    private static readonly TimeSpan CancelCheck = TimeSpan.FromMilliseconds(100);

    private readonly NatsEndpoint _endpoint = terms.Endpoint;
    private readonly NatsTlsOptions _tls = terms.Tls;
    private ServerInfo? _info;

    /// <summary>The plain socket, or what encrypts over it; the caller's to dispose, whatever happens.</summary>
    public Transport Transport { get; private set; } = socket;

    /// <summary>Returns what the server said of itself once it has accepted us.</summary>
    /// <exception cref="NatsException">It did not, or it is no NATS server; the message says which.</exception>
    public ServerInfo Run(string clientName, string? inbox)
    {
        if (_tls.Mode == NatsTlsMode.HandshakeFirst)
        {
            Encrypt();
        }

        var info = _info = ReadInfo();
        switch (_tls.Mode)
        {
            case NatsTlsMode.Off when info.TlsRequired:
                throw TlsProblem.IsRequired(_endpoint);
            case NatsTlsMode.Require when !info.TlsRequired && !info.TlsAvailable:
                throw TlsProblem.IsNotOffered(_endpoint);
            case NatsTlsMode.Require when received.UnreadBytes > 0:
                // Whoever sits in between could put words into the server's mouth that we would take for encrypted ones.
                throw new NatsException($"{_endpoint} sent bytes between its INFO and TLS; somebody may have put them there");
            case NatsTlsMode.Require:
                Encrypt();
                break;
        }

        if (inbox is not null && !info.Headers)
        {
            throw new NatsException($"{_endpoint} takes no headers, which JetStream needs; enable them on the server");
        }

        var proof = LoginProof.Create(terms.Credentials, info.Nonce);
        SendAll(ConnectLine.Create(clientName, terms.Credentials, Dialer.ClientVersion, proof, inbox));
        return ReadAnswer(info);
    }

    private void Encrypt() => Transport = TlsUpgrade.Run(socket, _endpoint, _tls, stepLimit, cancelled);

    private ServerInfo ReadInfo()
    {
        var line = ServerLine.Parse(ReadLine($"sent no INFO within {stepLimit.TotalMilliseconds}ms{FirstHint}", mustBeInfo: true, Stopwatch.GetTimestamp()));
        return ServerInfo.Parse(line.Argument) ?? throw NotNats(line.Argument);
    }

    private string FirstHint =>
        _tls.Mode == NatsTlsMode.Require ? " (if it begins with TLS, set publishing.tls.mode: handshake-first)" : "";

    private string ClientCertificateHint =>
        TlsProblem.ClientCertificateHint(_tls, serverVerifies: _info is { TlsVerify: true });

    private ServerInfo ReadAnswer(ServerInfo info)
    {
        // For all lines together: a server that says this and that, and never the one word, is no server.
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var text = ReadLine($"did not answer CONNECT within {stepLimit.TotalMilliseconds}ms", mustBeInfo: false, start);
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
        ? terms.Refusal(text)
        : text.Contains("Subscription to", StringComparison.OrdinalIgnoreCase)
            ? new NatsException($"{_endpoint} answered: {text}; allow this user to subscribe to _INBOX.>")
            : new NatsException($"{_endpoint} answered: {text}");

    private NatsException NotNats(ReadOnlySpan<byte> text) => new(
        $"{_endpoint} does not speak NATS: it sent \"{ServerText.Printable(text, 60)}\"; check host and port");

    private ReadOnlySpan<byte> ReadLine(string whenLate, bool mustBeInfo, long start)
    {
        while (true)
        {
            if (cancelled() || Stopwatch.GetElapsedTime(start) >= stepLimit)
            {
                throw new NatsException(
                    $"{_endpoint} {whenLate}; check that a NATS server listens there and is not stuck");
            }

            if (mustBeInfo && !StartsLikeInfo(received.Unread))
            {
                throw NotNats(received.Unread);
            }

            switch (received.TryReadLine(out var line))
            {
                case LineResult.Line:
                    return line;
                case LineResult.TooLong:
                    throw new NatsException($"{_endpoint} sent a line without end; check host and port");
            }

            Receive();
        }
    }

    private void Receive()
    {
        if (!Transport.WaitReadable(stepLimit < CancelCheck ? stepLimit : CancelCheck))
        {
            return;
        }

        var bytes = Transport.TryReceive(received.Writable());
        if (bytes == 0)
        {
            throw new NatsException($"{_endpoint} closed the connection before it accepted us{ClientCertificateHint}");
        }

        if (bytes == Transport.Failed)
        {
            throw new NatsException(
                $"{_endpoint} broke the connection before it accepted us: {Transport.LastErrorText}{ClientCertificateHint}");
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
        var sent = 0;
        while (!bytes.IsEmpty || sent == Transport.WouldBlock)
        {
            sent = bytes.IsEmpty ? Transport.TryFlush() : Transport.TrySend(bytes);
            if (sent == Transport.Failed)
            {
                throw new NatsException($"{_endpoint} broke the connection: {Transport.LastErrorText}{ClientCertificateHint}");
            }

            bytes = bytes[Math.Max(sent, 0)..];
            sent = bytes.IsEmpty && sent > 0 ? Transport.TryFlush() : sent;
            if (sent == Transport.WouldBlock && (cancelled() || Stopwatch.GetElapsedTime(start) >= stepLimit))
            {
                throw new NatsException($"{_endpoint} takes no bytes");
            }

            if (sent == Transport.WouldBlock)
            {
                _ = Transport.WaitWritable(CancelCheck);
            }
        }
    }
}
