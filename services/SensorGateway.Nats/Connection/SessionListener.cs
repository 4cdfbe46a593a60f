using Microsoft.Extensions.Logging;
using SensorGateway.Nats.JetStream;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats.Connection;

/// <summary>Reads what the server says during one session, and notices when it says nothing any more.</summary>
internal sealed class SessionListener(
    NatsOptions options, int index, NatsEndpoint endpoint, NatsSession session, NatsStatus status,
    ServerRotation rotation, PublisherBell bell, ILogger logger, byte[]? inboxPrefix = null, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly TimeSpan _idleLimit = options.LivenessTimeout * 2 / 3;
    private readonly AckReader? _acks = session.Acks is { } queue && inboxPrefix is not null
        ? new AckReader(inboxPrefix, queue, status, bell, logger, index, time ?? TimeProvider.System)
        : null;

    private long _lastReceivedTicks = (time ?? TimeProvider.System).GetTimestamp();
    private long _lastPongTicks;
    private long _lameDuckSinceTicks;
    private long _refusedSinceFence; // Of this session only: what it never fenced is sent, and refused, again.
    private RateLimit _permissionLog = new(TimeSpan.FromSeconds(10));
    private RateLimit _reportLog = new(TimeSpan.FromSeconds(10));

    /// <summary>Returns when the session is over, with the reason.</summary>
    public SessionEnd Listen(ReceiveBuffer received, Func<bool> stopped)
    {
        while (!stopped())
        {
            if ((ReadLines(received) ?? CheckLiveness()) is { } end)
            {
                return end;
            }

            if (session.Socket.WaitReadable(options.LivenessTimeout / 3) && Receive(received) is { } lost)
            {
                return lost;
            }
        }

        return new SessionEnd("closed by us", ServerErrorKind.Unknown);
    }

    private SessionEnd? Receive(ReceiveBuffer received)
    {
        var bytes = session.Socket.TryReceive(received.Writable());
        if (bytes > 0)
        {
            received.Commit(bytes);
            _lastReceivedTicks = _time.GetTimestamp();
            return null;
        }

        var reason = bytes == 0 ? "the server closed the connection" : session.Socket.LastErrorText;
        return bytes == Transport.WouldBlock ? null : End(session.SendFailure ?? reason);
    }

    private SessionEnd? ReadLines(ReceiveBuffer received)
    {
        while (true)
        {
            switch (received.TryPeekLine(out var text, out var lineBytes))
            {
                case LineResult.NeedMore:
                    _acks?.EndBatch();
                    return null;
                case LineResult.TooLong:
                    return End("the server sent a line without end", ServerErrorKind.Protocol);
            }

            if (_acks is not null
                && ServerLine.Parse(text) is { Kind: ServerLineKind.Message or ServerLineKind.MessageWithHeaders } line)
            {
                switch (_acks.Take(received, line, lineBytes))
                {
                    case LineResult.NeedMore:
                        _acks.EndBatch();
                        return null;
                    case LineResult.TooLong:
                        return End($"the server sent \"{ServerText.Printable(text, 60)}\"", ServerErrorKind.Protocol);
                }

                continue;
            }

            received.Skip(lineBytes);
            if (Handle(text) is { } end)
            {
                return end;
            }
        }
    }

    private SessionEnd? Handle(ReadOnlySpan<byte> text)
    {
        var line = ServerLine.Parse(text);
        switch (line.Kind)
        {
            case ServerLineKind.Pong:
                return HandlePong();
            case ServerLineKind.Ping:
                session.OwePong();
                bell.Ring();
                return null;
            case ServerLineKind.Info:
                return HandleInfo(line.Argument);
            case ServerLineKind.Error:
                NoteRefusal(line.Argument);
                return HandleError(ServerText.Printable(line.Argument));
            case ServerLineKind.Ok:
                return null;
            default:
                return End($"the server sent \"{ServerText.Printable(text, 60)}\"", ServerErrorKind.Protocol);
        }
    }

    private SessionEnd? HandlePong()
    {
        if (!session.Fences.TryAnswer(out var mark))
        {
            return null; // Nobody asked: harmless, and some proxies do it.
        }

        _lastPongTicks = _lastReceivedTicks;
        if (options.Delivery == NatsDelivery.Fenced)
        {
            status.Confirm(mark, _refusedSinceFence);
            _refusedSinceFence = 0;
        }

        bell.PongArrived();
        return _lameDuckSinceTicks != 0 ? End("moved away from a server that shuts down") : null;
    }

    private SessionEnd? HandleInfo(ReadOnlySpan<byte> json)
    {
        if (ServerInfo.Parse(json) is not { } info)
        {
            return End("the server sent an INFO that cannot be read", ServerErrorKind.Protocol);
        }

        status.SetLimits(info.MaxPayloadBytes, info.Headers);
        rotation.Learn(info.DiscoveredEndpoints(), endpoint);
        if (info.LameDuck && _lameDuckSinceTicks == 0 && rotation.Count > 1)
        {
            NatsLog.LameDuck(logger, index, endpoint.ToString());
            _lameDuckSinceTicks = _time.GetTimestamp();
            AskForPing(); // Its PONG says that the server has read what we sent.
        }

        return null;
    }

    private void NoteRefusal(ReadOnlySpan<byte> error)
    {
        Span<byte> buffer = stackalloc byte[NatsSubject.MaxBytes];
        if (!PublishRefusal.TryReadSubject(error, buffer, out var bytes))
        {
            return;
        }

        var subject = buffer[..bytes];
        status.RefusedSubjects.Count(ServerText.Printable(subject));
        if (session.Refusals is { } refusals)
        {
            refusals.TryAdd(subject);
            bell.Ring();
        }
        else if (options.Delivery == NatsDelivery.Fenced)
        {
            _refusedSinceFence++;
        }
        else
        {
            status.CountRefused(1);
        }
    }

    private SessionEnd? HandleError(string text)
    {
        var kind = ServerError.Classify(text);
        switch (kind)
        {
            case ServerErrorKind.PermissionDenied:
                status.CountPermissionViolation();
                status.LastError = text;
                if (_permissionLog.TryPass())
                {
                    NatsLog.PermissionDenied(logger, index, text, status.PermissionViolations);
                }

                return null;
            case ServerErrorKind.Unknown:
                status.LastError = text;
                if (_reportLog.TryPass())
                {
                    NatsLog.ServerReports(logger, index, text);
                }

                return null;
            default:
                return End($"the server reports: {text}", kind);
        }
    }

    private SessionEnd? CheckLiveness()
    {
        var now = _time.GetTimestamp();
        // An answer that has arrived but not been read is one: this process may have been the one that stood still.
        if (session.PingsSent > session.Fences.Answered
            && _time.GetElapsedTime(Math.Max(session.PingSentTicks, _lastPongTicks), now) >= options.LivenessTimeout
            && !session.Socket.WaitReadable(TimeSpan.Zero))
        {
            return End($"the server did not answer a PING within {options.LivenessTimeout.TotalMilliseconds}ms");
        }

        // A socket that would take bytes again only waits for the publisher to come round.
        if (session.BlockedSinceTicks is not 0 and var blockedSince
            && _time.GetElapsedTime(blockedSince, now) >= options.LivenessTimeout
            && !session.Socket.WaitWritable(TimeSpan.Zero))
        {
            return End($"the server has taken no bytes for {options.LivenessTimeout.TotalMilliseconds}ms");
        }

        if (_lameDuckSinceTicks != 0 && _time.GetElapsedTime(_lameDuckSinceTicks, now) >= options.LivenessTimeout)
        {
            return End("moved away from a server that shuts down");
        }

        if (_time.GetElapsedTime(_lastReceivedTicks, now) >= _idleLimit)
        {
            AskForPing();
        }

        return null;
    }

    private void AskForPing()
    {
        if (!session.PingWanted)
        {
            session.PingWanted = true;
            bell.Ring();
        }
    }

    private static SessionEnd End(string reason, ServerErrorKind kind = ServerErrorKind.Unknown) => new(reason, kind);
}
