using System.Diagnostics;
using SensorGateway.Nats.Connection;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sending;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats;

/// <summary>The sending side.</summary>
public sealed partial class NatsConnection
{
    // Larger sends gain nothing measurable, smaller ones cost a system call each.
    private const int SendChunkBytes = 64 * 1024;

    private readonly FencePolicy _fences;
    private readonly List<FenceMark> _keptFences = new(FenceQueue.Capacity);
    private long _gaps;      // Messages dropped out of the middle of the log.
    private long _gapsEndAt; // Appended messages at the time, those dropped included.

    /// <summary>Something appended has not gone into the socket.</summary>
    public bool HasUnsent => _log.UnsentBytes > 0 || _stream is { Log.Waiting: > 0 };

    /// <summary>Descriptor for poll(2) while <see cref="Flush"/> answers Blocked; -1 without a connection.</summary>
    public int PollDescriptor =>
        _session is { ReadingEnded: false, SendFailure: null } session ? session.Socket.Descriptor : -1;

    /// <summary>
    /// Stopwatch ticks at which <see cref="Flush"/> must run for the last messages to get their fence, or to look for
    /// answers of the stream.
    /// </summary>
    public long NextFenceDueTicks =>
        _session is null ? long.MaxValue : _stream is not null ? _stream.DueTicks : _waitsForPong || !_fences.HasUnfenced(_log) ? long.MaxValue : _fences.DueTicks;

    /// <summary>
    /// Of all messages appended, how many of the first ones are done with: confirmed, or given up. Grows in the order of
    /// appending, which the plain counts need not.
    /// </summary>
    public long SettledThrough
    {
        get
        {
            if (_stream is not null)
            {
                return _stream.Log.Released;
            }

            // Dropped messages left gaps somewhere in what is kept; until those around them are gone too, the count is
            // too low by their number, never too high.
            var position = _counters.AppendedMessages - _log.Messages;
            _gaps = position >= _gapsEndAt ? 0 : _gaps;
            return position - _gaps;
        }
    }

    /// <summary>Set while somebody waits for confirmations: the last messages get their fence at once.</summary>
    public bool Hurry
    {
        get => _fences.Hurry;
        set => _fences.Hurry = value;
    }

    /// <summary>Copies one message into the log; <see cref="Flush"/> sends it.</summary>
    /// <param name="subject">Checked here: dot-separated tokens, no wildcards.</param>
    /// <param name="headers">A complete NATS/1.0 block with its empty line, or empty for none.</param>
    /// <param name="payload">Any bytes.</param>
    public NatsAppendResult TryAppend(
        ReadOnlySpan<byte> subject, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        if (_stream is not null)
        {
            return AppendToStream(subject, headers, [], payload);
        }

        if (Refusal(subject, headers, payload.Length) is var refusal and not NatsAppendResult.Appended)
        {
            return refusal;
        }

        var bytesBefore = _log.MessageBytes;
        if (!_log.TryAppend(subject, headers, payload))
        {
            if (!TryMakeRoom())
            {
                return NatsAppendResult.LogFull;
            }

            bytesBefore = _log.MessageBytes;
            if (!_log.TryAppend(subject, headers, payload))
            {
                return NatsAppendResult.LogFull;
            }
        }

        _counters.CountAppended(_log.MessageBytes - bytesBefore);
        if (_log.Messages == 1)
        {
            _counters.SettledAtTicks = Stopwatch.GetTimestamp();
        }

        if (_fences.IsSpacingReached(_log))
        {
            AppendPing(_session, Time.GetTimestamp());
        }

        return NatsAppendResult.Appended;
    }

    /// <summary>Hands the socket all it takes, without ever waiting for it.</summary>
    /// <param name="nowTicks">Stopwatch ticks.</param>
    public NatsFlushResult Flush(long nowTicks)
    {
        if (_stream is not null)
        {
            return FlushStream(_stream, nowTicks);
        }

        while (true)
        {
            if (CurrentSession() is not { } session)
            {
                return NatsFlushResult.Down;
            }

            TakePongs(session);
            AppendControl(session, nowTicks);
            var result = Send(session, nowTicks);
            if (result == NatsFlushResult.Down || !MissedPong(session, nowTicks))
            {
                return result;
            }
        }
    }

    private NatsAppendResult Refusal(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> headers, int payloadBytes)
    {
        if (!NatsSubject.IsPublishable(subject))
        {
            return NatsAppendResult.BadSubject;
        }

        if (!headers.IsEmpty && !PubLine.IsHeaderBlock(headers))
        {
            return NatsAppendResult.BadHeaders;
        }

        if (!headers.IsEmpty && !_status.HeadersSupported)
        {
            return NatsAppendResult.HeadersUnsupported;
        }

        return (long)headers.Length + payloadBytes > _status.MaxPayloadBytes
            || PubLine.FrameBytes(subject.Length, headers.Length, payloadBytes) > _log.MaxFrameBytes
            ? NatsAppendResult.TooLarge
            : NatsAppendResult.Appended;
    }

    private void AppendControl(NatsSession session, long nowTicks)
    {
        var owed = session.TakeOwedPongs();
        for (; owed > 0 && _log.TryAppendControl(FrameKind.Pong); owed--)
        {
        }

        if (owed > 0)
        {
            session.GiveBackPongs(owed);
        }

        var inFlight = session.Fences.InFlight;
        if ((session.PingWanted && inFlight == 0) || _fences.IsDue(_log, inFlight, nowTicks))
        {
            AppendPing(session, nowTicks);
        }
        else if (session.PingWanted)
        {
            session.PingWanted = false; // The PING in flight answers the same question.
        }
    }

    /// <summary>Without a session the PING waits in the log for the next one.</summary>
    private void AppendPing(NatsSession? session, long nowTicks)
    {
        if (session is not { Fences.HasRoom: false } && _log.TryAppendControl(FrameKind.Ping))
        {
            var mark = _log.Mark;
            _fences.NoteFence(mark, nowTicks);
            if (session is not null)
            {
                session.Fences.Arm(mark);
                session.PingWanted = false;
            }
        }
    }

    private NatsFlushResult Send(NatsSession session, long nowTicks)
    {
        while (_log.UnsentBytes > 0)
        {
            var chunk = _log.Unsent(SendChunkBytes);
            var taken = session.Socket.TrySend(chunk);
            if (taken == Transport.Failed)
            {
                session.FailSending(session.Socket.LastErrorText);
                return NatsFlushResult.Down;
            }

            if (taken > 0)
            {
                NoteSent(session, _log.AdvanceSent(taken), nowTicks);
            }

            if (taken < chunk.Length)
            {
                if (taken > 0 || session.BlockedSinceTicks == 0)
                {
                    session.BlockedSinceTicks = nowTicks;
                }

                return NatsFlushResult.Blocked;
            }
        }

        return Finish(session, nowTicks);
    }

    /// <summary>All frames are taken; an encrypted connection may still hold bytes of them back.</summary>
    private static NatsFlushResult Finish(NatsSession session, long nowTicks)
    {
        switch (session.Socket.TryFlush())
        {
            case Transport.Failed:
                session.FailSending(session.Socket.LastErrorText);
                return NatsFlushResult.Down;
            case Transport.WouldBlock:
                if (session.BlockedSinceTicks == 0)
                {
                    session.BlockedSinceTicks = nowTicks;
                }

                return NatsFlushResult.Blocked;
            default:
                session.BlockedSinceTicks = 0;
                return NatsFlushResult.Idle;
        }
    }

    private void NoteSent(NatsSession session, SentFrames sent, long nowTicks)
    {
        _counters.CountSent(sent.FirstTimeMessages, sent.ResentMessages);
        if (sent.PingsSent > 0)
        {
            session.NotePingsSent(sent.PingsSent, nowTicks);
        }

        if (!_fenced)
        {
            _log.ReleaseSent();
            if (_stream is null)
            {
                _counters.SetReleased(_log.ReleasedMessages, _log.ReleasedMessageBytes);
            }
        }
    }
}
