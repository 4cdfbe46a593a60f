namespace SensorGateway.Nats.Sending;

/// <summary>Reading kept messages without taking them.</summary>
internal sealed partial class SendLog
{
    private long _copyMessage = -1; // Messages before it since the log was made; the place of the last copy.
    private long _copyFrame;
    private long _copyEnd;

    /// <summary>Copies the frame of a kept message; messages in rising order are found where the last one ended.</summary>
    public bool TryCopy(long ordinal, Span<byte> target, out int frameBytes, out int contentBytes)
    {
        (frameBytes, contentBytes) = (0, 0);
        var wanted = ReleasedMessages + ordinal;
        if (_copyMessage < 0 || _copyMessage > wanted || _copyFrame < _releasedFrame)
        {
            (_copyMessage, _copyFrame, _copyEnd) = (ReleasedMessages, _releasedFrame, _releasedEnd);
        }

        for (; _copyFrame < _appendedFrame; _copyFrame++)
        {
            ref readonly var mark = ref _frames[(int)_copyFrame & _frameMask];
            if (mark.IsMessage && _copyMessage == wanted)
            {
                if (mark.Bytes > target.Length)
                {
                    return false;
                }

                var offset = (int)_copyEnd & _byteMask;
                var first = Math.Min(mark.Bytes, _bytes.Length - offset);
                _bytes.AsSpan(offset, first).CopyTo(target);
                _bytes.AsSpan(0, mark.Bytes - first).CopyTo(target[first..]);
                (frameBytes, contentBytes) = (mark.Bytes, mark.PayloadBytes);
                return true;
            }

            _copyMessage += mark.IsMessage ? 1 : 0;
            _copyEnd += mark.Bytes;
        }

        return false;
    }
}
