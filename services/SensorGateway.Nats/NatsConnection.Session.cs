using System.Diagnostics;
using SensorGateway.Nats.Connection;

namespace SensorGateway.Nats;

/// <summary>The sending side's view of the session: taking over a new one, its PONGs, and waiting for them.</summary>
public sealed partial class NatsConnection
{
    private NatsSession? _session;
    private bool _waitsForPong;

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

    private NatsSession? CurrentSession()
    {
        if (_slot.TryTake() is { } next)
        {
            // The reading side offers a session only after it has let go of the one before.
            Release(_session);
            _session = next;
            var maxPayloadBytes = _status.MaxPayloadBytes;
            _keptFences.Clear();
            var dropped = _log.Restart(
                maxPayloadBytes, _status.HeadersSupported, _fenced ? _keptFences : null, _fences.ResendSpacingBytes(_log));
            _fences.Restart(_log, _keptFences);
            foreach (var mark in _keptFences) // No lambda: what it holds would be allocated with each flush.
            {
                next.Fences.Arm(mark);
            }

            dropped = _stream?.Restart(maxPayloadBytes) ?? dropped;
            if (dropped.Messages > 0)
            {
                _gaps += dropped.Messages;
                _gapsEndAt = _counters.AppendedMessages;
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
            if (session.Acks is not null)
            {
                _stream?.TakeAnswers(session.Acks);
                _stream?.TakeRefusals(session.Refusals);
            }

            session.Dispose();
        }

        StopWaitingForPong();
    }

    private void TakePongs(NatsSession session)
    {
        while (session.Fences.TryTake(out var mark))
        {
            StopWaitingForPong();
            _counters.SettledAtTicks = Stopwatch.GetTimestamp();
            if (_fenced && !_log.TryReleaseThrough(mark))
            {
                session.FailSending("the server answered a PING it had not been sent");
            }
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
