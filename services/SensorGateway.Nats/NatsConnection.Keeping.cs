namespace SensorGateway.Nats;

/// <summary>What the sending side keeps, to be looked at by whoever wants to store it elsewhere as well.</summary>
public sealed partial class NatsConnection
{
    /// <summary>Messages from the oldest unsettled one on. Sending side only.</summary>
    public long KeptMessages => _stream is null ? _log.Messages : _stream.Log.Kept;

    /// <summary>Free part of the log, 0 to 1. Sending side only.</summary>
    public double FreeShare => _stream is null
        ? (double)_log.FreeBytes / _log.CapacityBytes
        : (double)_stream.Log.FreeBytes / _stream.Log.CapacityBytes;

    /// <summary>Copies the frame of a kept message. Sending side only.</summary>
    /// <param name="ordinal">From 0, the oldest; cheapest in rising order.</param>
    /// <param name="target">Room for the frame.</param>
    /// <param name="subject">Where its subject lies in the target.</param>
    /// <param name="payload">Where its payload lies.</param>
    /// <returns>False when it is settled, not there, or too long for the target.</returns>
    public bool TryCopyKept(long ordinal, Span<byte> target, out Range subject, out Range payload)
    {
        (subject, payload) = (default, default);
        var isThere = _stream is null
            ? _log.TryCopy(ordinal, target, out var frameBytes, out var contentBytes)
            : _stream.Log.TryCopy(ordinal, target, out frameBytes, out contentBytes);
        if (!isThere)
        {
            return false;
        }

        // PUB subject bytes, or HPUB subject reply bytes bytes; the content is followed by one line end.
        var frame = target[..frameBytes];
        var subjectStart = frame.IndexOf((byte)' ') + 1;
        subject = subjectStart..(subjectStart + frame[subjectStart..].IndexOf((byte)' '));
        var contentStart = frameBytes - 2 - contentBytes;
        var headerBytes = frame[0] == (byte)'H' ? frame[contentStart..].IndexOf("\r\n\r\n"u8) + 4 : 0;
        payload = (contentStart + headerBytes)..(frameBytes - 2);
        return true;
    }
}
