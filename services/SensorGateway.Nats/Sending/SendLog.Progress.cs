namespace SensorGateway.Nats.Sending;

/// <summary>How frames leave the log: sent, released, or offered again to a new session.</summary>
internal sealed partial class SendLog
{
    private int _sentMessages; // Of the messages in the log, those wholly sent in this session.
    private int _resendLeft;   // Of the next messages to be sent, those that an earlier session had wholly sent.

    /// <summary>Notes that the socket took this many more bytes.</summary>
    public SentFrames AdvanceSent(int bytes)
    {
        _sentEnd += bytes;
        var messages = 0;
        var pings = 0;
        while (_sentFrame < _appendedFrame)
        {
            ref readonly var mark = ref _frames[(int)_sentFrame & _frameMask];
            if (_sentFrameEnd + mark.Bytes > _sentEnd)
            {
                break;
            }

            _sentFrameEnd += mark.Bytes;
            _sentFrame++;
            messages += mark.IsMessage ? 1 : 0;
            pings += mark.Kind == FrameKind.Ping ? 1 : 0;
        }

        var resent = Math.Min(messages, _resendLeft);
        _resendLeft -= resent;
        _sentMessages += messages;
        return new SentFrames(messages - resent, resent, pings);
    }

    /// <summary>Core delivery: whatever was wholly sent is done with.</summary>
    public void ReleaseSent()
    {
        for (; _releasedFrame < _sentFrame; _releasedFrame++)
        {
            ref readonly var mark = ref _frames[(int)_releasedFrame & _frameMask];
            ReleasedMessages += mark.IsMessage ? 1 : 0;
            ReleasedMessageBytes += mark.IsMessage ? mark.Bytes : 0;
            MessageBytes -= mark.IsMessage ? mark.Bytes : 0;
        }

        _releasedEnd = _sentFrameEnd;
        Messages -= _sentMessages;
        _sentMessages = 0;
        RewindIfEmpty();
    }

    /// <summary>
    /// Fenced delivery: the server answered the PING behind this mark. False when it was not sent yet.
    /// </summary>
    public bool TryReleaseThrough(in FenceMark mark)
    {
        if (mark.Frame > _sentFrame)
        {
            return false;
        }

        var messages = (int)(mark.Messages - ReleasedMessages);
        _releasedFrame = mark.Frame;
        _releasedEnd = mark.End;
        Messages -= messages;
        _sentMessages -= messages;
        MessageBytes -= mark.MessageBytes - ReleasedMessageBytes;
        ReleasedMessages = mark.Messages;
        ReleasedMessageBytes = mark.MessageBytes;
        RewindIfEmpty();
        return true;
    }

    /// <summary>
    /// Makes everything unreleased ready for a new session: torn frames become whole again, PONGs of the old session go,
    /// and so do messages that the new server would answer by closing the connection, again and again.
    /// </summary>
    /// <param name="maxPayloadBytes">Longer messages go.</param>
    /// <param name="headersAllowed">False: messages with headers go.</param>
    /// <param name="fences">
    /// Takes the marks of PINGs that stay, in order; null: none stay. With one at the very end alone, a backlog that takes
    /// longer to send than a session lasts would never become less.
    /// </param>
    /// <param name="spacingBytes">At least so many bytes of messages lie before each and the one before.</param>
    public DroppedFrames Restart(
        int maxPayloadBytes, bool headersAllowed, ICollection<FenceMark>? fences = null, long spacingBytes = 1)
    {
        var sentBefore = _sentMessages + _resendLeft;
        var (writeFrame, writeEnd, readEnd) = (_releasedFrame, _releasedEnd, _releasedEnd);
        var (seen, resend, dropped, droppedBytes) = (0, 0, 0, 0L);
        var (keptBytes, fencedBytes) = (0L, 0L);
        for (var readFrame = _releasedFrame; readFrame < _appendedFrame; readFrame++)
        {
            var mark = _frames[(int)readFrame & _frameMask];
            if (mark.IsMessage)
            {
                var fits = mark.Fits(maxPayloadBytes, headersAllowed);
                resend += fits && seen < sentBefore ? 1 : 0;
                seen++;
                if (fits)
                {
                    Move(readEnd, writeEnd, mark.Bytes);
                    _frames[(int)writeFrame++ & _frameMask] = mark;
                    writeEnd += mark.Bytes;
                    keptBytes += mark.Bytes;
                }
                else
                {
                    dropped++;
                    droppedBytes += mark.Bytes;
                }
            }
            else if (mark.Kind == FrameKind.Ping && fences is not null && keptBytes - fencedBytes >= spacingBytes)
            {
                Move(readEnd, writeEnd, mark.Bytes);
                _frames[(int)writeFrame++ & _frameMask] = mark;
                writeEnd += mark.Bytes;
                fencedBytes = keptBytes;
                fences.Add(new FenceMark(
                    writeFrame, writeEnd, ReleasedMessages + seen - dropped, ReleasedMessageBytes + keptBytes));
            }

            readEnd += mark.Bytes;
        }

        (_appendedFrame, _appendedEnd) = (writeFrame, writeEnd);
        (_sentFrame, _sentEnd, _sentFrameEnd) = (_releasedFrame, _releasedEnd, _releasedEnd);
        (_sentMessages, _resendLeft) = (0, resend);
        _copyMessage = -1; // Frames have moved.
        Messages -= dropped;
        MessageBytes -= droppedBytes;
        RewindIfEmpty();
        return new DroppedFrames(dropped, droppedBytes);
    }

    // Towards lower positions only, so a forward copy never overwrites what it has yet to read.
    private void Move(long from, long to, int bytes)
    {
        while (from != to && bytes > 0)
        {
            var source = (int)from & _byteMask;
            var target = (int)to & _byteMask;
            var chunk = Math.Min(bytes, _bytes.Length - Math.Max(source, target));
            _bytes.AsSpan(source, chunk).CopyTo(_bytes.AsSpan(target));
            from += chunk;
            to += chunk;
            bytes -= chunk;
        }
    }

    // An empty log starts again at offset 0: at light load the same few cache lines are used over and over.
    private void RewindIfEmpty()
    {
        if (_releasedEnd == _appendedEnd)
        {
            _releasedEnd = _sentEnd = _sentFrameEnd = _appendedEnd = (_appendedEnd + _byteMask) & ~(long)_byteMask;
            _copyMessage = -1;
            _releasedFrame = _sentFrame = _appendedFrame = (_appendedFrame + _frameMask) & ~(long)_frameMask;
        }
    }
}
