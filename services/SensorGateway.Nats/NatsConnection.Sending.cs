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
    private NatsSession? _session;
    private bool _waitsForPong;

    /// <summary>Something appended has not gone into the socket.</summary>
    public bool HasUnsent => _log.UnsentBytes > 0;

    /// <summary>Descriptor for poll(2) while <see cref="Flush"/> answers Blocked; -1 without a connection.</summary>
    public int PollDescriptor => _session is { ReadingEnded: false, SendFailure: null } session ? session.Socket.Descriptor : -1;

    /// <summary>Stopwatch ticks at which <see cref="Flush"/> must run for the last messages to get their fence.</summary>
    public long NextFenceDueTicks =>
        _session is null || _waitsForPong || !_fences.HasUnfenced(_log) ? long.MaxValue : _fences.DueTicks;

    /// <summary>Copies one message into the log; <see cref="Flush"/> sends it.</summary>
    /// <param name="subject">Checked here: dot-separated tokens, no wildcards.</param>
    /// <param name="headers">A complete NATS/1.0 block with its empty line, or empty for none.</param>
    /// <param name="payload">Any bytes.</param>
    public NatsAppendResult TryAppend(
        ReadOnlySpan<byte> subject, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
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
        if (_session is { } session && _fences.IsSpacingReached(_log))
        {
            AppendPing(session, Stopwatch.GetTimestamp());
        }

        return NatsAppendResult.Appended;
    }

    /// <summary>Hands the socket all it takes, without ever waiting for it.</summary>
    /// <param name="nowTicks">Stopwatch ticks.</param>
    public NatsFlushResult Flush(long nowTicks)
    {
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

    /// <summary>Waits until the server has read everything appended, or the time is over (then false).</summary>
    /// <remarks>For shutdown: this is the one call of the sending side that sleeps.</remarks>
    public bool TryDrain(TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        _fences.Hurry = true;
        var asked = false;
        try
        {
            while (true)
            {
                Flush(Stopwatch.GetTimestamp());
                var answered = _session is not { } session || session is { Fences.InFlight: 0, PingWanted: false };
                if (UnconfirmedMessages == 0 && answered && (_fenced || asked || _session is null))
                {
                    return true;
                }

                if (Stopwatch.GetElapsedTime(start) >= limit)
                {
                    return false;
                }

                if (!_fenced && !asked && answered && _session is { } open && !HasUnsent)
                {
                    // Bytes in the socket are lost when the server has not read them before we close.
                    asked = open.PingWanted = true;
                    continue;
                }

                Thread.Sleep(1);
            }
        }
        finally
        {
            _fences.Hurry = false;
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

        var frameBytesMax = SendLog.FrameBytes(
            subject.Length, PubLine.CountsMaxBytes, headers.Length, payloadBytes);
        return (long)headers.Length + payloadBytes > _status.MaxPayloadBytes || frameBytesMax > _log.MaxFrameBytes
            ? NatsAppendResult.TooLarge
            : NatsAppendResult.Appended;
    }

    private NatsSession? CurrentSession()
    {
        if (_slot.TryTake() is { } next)
        {
            // The reading side offers a session only after it has let go of the one before.
            Release(_session);
            _session = next;
            var maxPayloadBytes = _status.MaxPayloadBytes;
            var dropped = _log.Restart(maxPayloadBytes, _status.HeadersSupported);
            _fences.Restart(_log);
            if (dropped.Messages > 0)
            {
                _counters.CountDropped(dropped.Messages, dropped.MessageBytes);
                NatsLog.DroppedMessages(_logger, _index, dropped.Messages, maxPayloadBytes);
            }
        }
        else if (_session is { ReadingEnded: true })
        {
            Release(_session);
            _session = null;
        }

        return _session is { SendFailure: null } ? _session : null;
    }

    private void Release(NatsSession? session)
    {
        if (session is not null)
        {
            TakePongs(session); // The last answers still count: what they confirm is not sent again.
            session.Dispose();
        }

        StopWaitingForPong();
    }

    private void TakePongs(NatsSession session)
    {
        while (session.Fences.TryTake(out var mark))
        {
            StopWaitingForPong();
            if (_fenced && !_log.TryReleaseThrough(mark))
            {
                session.FailSending("the server answered a PING it had not been sent");
            }
        }
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

    private void AppendPing(NatsSession session, long nowTicks)
    {
        if (session.Fences.HasRoom && _log.TryAppendControl(FrameKind.Ping))
        {
            var mark = _log.Mark;
            session.Fences.Arm(mark);
            session.PingWanted = false;
            _fences.NoteFence(mark, nowTicks);
        }
    }

    private NatsFlushResult Send(NatsSession session, long nowTicks)
    {
        while (_log.UnsentBytes > 0)
        {
            var chunk = _log.Unsent(SendChunkBytes);
            var taken = session.Socket.TrySend(chunk);
            if (taken == WireSocket.Failed)
            {
                session.FailSending(WireSocket.LastErrorText);
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

        session.BlockedSinceTicks = 0;
        return NatsFlushResult.Idle;
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
            _counters.SetReleased(_log.ReleasedMessages, _log.ReleasedMessageBytes);
        }
    }

    private bool TryMakeRoom()
    {
        if (_session is not { } session)
        {
            return false;
        }

        var freeBefore = _log.FreeBytes;
        TakePongs(session);
        if (_log.FreeBytes == freeBefore && session.Fences.InFlight > 0)
        {
            AskForNextPong();
            TakePongs(session);
        }

        return _log.FreeBytes != freeBefore;
    }

    /// <summary>
    /// The tail needs a fence but must wait for the PONG of an earlier one: asks to be woken by it. True when it came
    /// in between.
    /// </summary>
    private bool MissedPong(NatsSession session, long nowTicks)
    {
        if (_waitsForPong || nowTicks < _fences.DueTicks || session.Fences.InFlight == 0 || !_fences.HasUnfenced(_log))
        {
            return false;
        }

        AskForNextPong();
        var before = session.Fences.InFlight;
        TakePongs(session);
        return session.Fences.InFlight < before;
    }

    private void AskForNextPong()
    {
        _waitsForPong = true;
        _bell.AskForNextPong();
    }

    private void StopWaitingForPong()
    {
        if (_waitsForPong)
        {
            _waitsForPong = false;
            _bell.Forget();
        }
    }
}
