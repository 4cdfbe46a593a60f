using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sending;

namespace SensorGateway.Nats.JetStream;

/// <summary>How frames are sent, answered in any order, sent again, and leave in order.</summary>
internal sealed partial class AckLog
{
    private long _next;                    // The frame to send, or being sent.
    private int _partial;                  // Bytes of it that are out: nothing else may go before the rest.
    private long _sentHigh;                // Frames from here on were never wholly sent.
    private long _rewindTo = long.MaxValue; // The lowest frame to be sent again.

    /// <summary>Part of a frame is out.</summary>
    public bool IsMidFrame => _partial > 0;

    /// <summary>The frame that goes on when <see cref="IsMidFrame"/>.</summary>
    public long NextNumber => _next;

    /// <summary>The next bytes for the socket; empty when nothing waits or the window is closed.</summary>
    /// <param name="window">Messages that may be unanswered.</param>
    /// <param name="maxBytes">At most so many.</param>
    public ReadOnlySpan<byte> Unsent(int window, int maxBytes)
    {
        var allowed = window - InFlight;
        if (_partial == 0 && !TryFindNext(allowed))
        {
            return [];
        }

        // A frame that has begun goes on even if its answer came or the window shrank meanwhile.
        var start = Frame(_next).Start + _partial;
        var number = _next;
        long end;
        do
        {
            ref readonly var frame = ref Frame(number++);
            end = frame.Start + frame.Bytes;
        }
        while (--allowed > 0 && end - start < maxBytes && number < _appended
            && Frame(number).State == AckFrameState.Waiting);

        var offset = (int)start & _byteMask;
        return _bytes.AsSpan(offset, (int)Math.Min(Math.Min(end - start, maxBytes), _bytes.Length - offset));
    }

    /// <summary>Notes that the socket took so many of these bytes.</summary>
    public SentFrames AdvanceSent(int bytes, long nowTicks)
    {
        var (first, again) = (0, 0);
        while (bytes > 0)
        {
            ref var frame = ref Frame(_next);
            var rest = frame.Bytes - _partial;
            if (bytes < rest)
            {
                _partial += bytes;
                break;
            }

            bytes -= rest;
            _partial = 0;
            if (frame.State == AckFrameState.Waiting)
            {
                (frame.State, frame.SentTicks) = (AckFrameState.Sent, nowTicks);
                Waiting--;
                InFlight++;
            }

            first += _next >= _sentHigh ? 1 : 0;
            again += _next >= _sentHigh ? 0 : 1;
            _sentHigh = Math.Max(_sentHigh, ++_next);
        }

        ReleaseHead(); // A frame that was answered while it went out again.
        return new SentFrames(first, again, 0);
    }

    /// <summary>The stream answered for good. False when the message is unknown, not sent, or answered before.</summary>
    /// <param name="number">The message.</param>
    /// <param name="frame">It, when the answer is true.</param>
    public bool TrySettle(long number, out AckFrame frame)
    {
        frame = default;
        if (number < _released || number >= _sentHigh || Frame(number).State == AckFrameState.Settled)
        {
            return false;
        }

        frame = Frame(number);
        Settle(ref Frame(number));
        ReleaseHead();
        return true;
    }

    /// <summary>
    /// The server refused one message with this subject. It reads messages in the order they were sent, so that is the
    /// oldest without an answer.
    /// </summary>
    public bool TrySettleRefused(ReadOnlySpan<byte> subject, out AckFrame frame)
    {
        for (var number = _released; number < _sentHigh; number++)
        {
            if (Frame(number).State == AckFrameState.Sent && HasSubject(Frame(number), subject))
            {
                return TrySettle(number, out frame);
            }
        }

        frame = default;
        return false;
    }

    /// <summary>The message must be sent again, if it is not answered or waiting already.</summary>
    public bool TrySendAgain(long number)
    {
        if (number < _released || number >= _sentHigh || Frame(number).State != AckFrameState.Sent)
        {
            return false;
        }

        Frame(number).State = AckFrameState.Waiting;
        InFlight--;
        Waiting++;
        _rewindTo = Math.Min(_rewindTo, number);
        return true;
    }

    /// <summary>Marks what was sent before this time and not answered; returns how many.</summary>
    public int SendOverdueAgain(long sentBeforeTicks)
    {
        var overdue = 0;
        for (var number = _released; number < _sentHigh && InFlight > 0; number++)
        {
            overdue += Frame(number).SentTicks <= sentBeforeTicks && TrySendAgain(number) ? 1 : 0;
        }

        return overdue;
    }

    /// <summary>A new session: everything unanswered waits again, in order; what it would not take is dropped.</summary>
    public DroppedFrames Restart(int maxPayloadBytes)
    {
        var (dropped, droppedBytes) = (0, 0L);
        _partial = 0;
        for (var number = _released; number < _appended; number++)
        {
            TrySendAgain(number);
            ref var frame = ref Frame(number);
            if (frame.State == AckFrameState.Waiting && frame.PayloadBytes > maxPayloadBytes)
            {
                Settle(ref frame);
                dropped++;
                droppedBytes += frame.Bytes;
            }
        }

        (_next, _rewindTo) = (_released, long.MaxValue);
        ReleaseHead();
        return new DroppedFrames(dropped, droppedBytes);
    }

    private bool TryFindNext(int allowed)
    {
        if (_rewindTo < _next)
        {
            _next = Math.Max(_rewindTo, _released);
        }

        _rewindTo = long.MaxValue;
        while (_next < _appended && Frame(_next).State != AckFrameState.Waiting)
        {
            _next++;
        }

        return _next < _appended && allowed > 0;
    }

    private bool HasSubject(in AckFrame frame, ReadOnlySpan<byte> subject)
    {
        var position = frame.Start + PubLine.Verb(hasHeaders: true).Length;
        foreach (var expected in subject)
        {
            if (_bytes[(int)position++ & _byteMask] != expected)
            {
                return false;
            }
        }

        return _bytes[(int)position & _byteMask] == (byte)' ';
    }

    private void Settle(ref AckFrame frame)
    {
        InFlight -= frame.State == AckFrameState.Sent ? 1 : 0;
        Waiting -= frame.State == AckFrameState.Waiting ? 1 : 0;
        frame.State = AckFrameState.Settled;
    }

    private void ReleaseHead()
    {
        // A frame whose bytes are still going out stays where they are.
        var end = _partial > 0 ? _next : _appended;
        while (_released < end && Frame(_released).State == AckFrameState.Settled)
        {
            _releasedEnd += Frame(_released).Bytes;
            _released++;
        }

        _next = Math.Max(_next, _released);
        _sentHigh = Math.Max(_sentHigh, _released);
    }

    private ref AckFrame Frame(long number) => ref _frames[(int)number & _frameMask];
}
