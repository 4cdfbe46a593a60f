using System.Numerics;
using SensorGateway.Nats.Protocol;

namespace SensorGateway.Nats.Sending;

/// <summary>Whole frames in a preallocated circle of bytes, kept until they are released.</summary>
/// <remarks>
/// Owner: the sending side. Invariant, in bytes and in frames alike:
/// <c>released &lt;= sent &lt;= appended &lt;= released + capacity</c>; positions only grow.
/// </remarks>
internal sealed partial class SendLog
{
    public const int MinBytes = 4096;

    // A PING and several PONGs always fit: a log full of messages must still be able to ask for its confirmation.
    public const int ControlReserveBytes = 64;
    private const int ControlReserveFrames = 8;

    // Frames are larger than this on average; smaller ones make the log full a little early.
    private const int BytesPerFrameMark = 64;

    private readonly byte[] _bytes;
    private readonly FrameMark[] _frames;
    private readonly int _byteMask;
    private readonly int _frameMask;

    private long _releasedEnd;
    private long _sentEnd;      // May lie inside a frame.
    private long _sentFrameEnd; // The last frame end at or before _sentEnd.
    private long _appendedEnd;
    private long _releasedFrame;
    private long _sentFrame;
    private long _appendedFrame;

    public SendLog(int capacityBytes)
    {
        var rounded = BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacityBytes, MinBytes));
        var capacity = (int)Math.Min(rounded, 1u << 30);

        // Untouched pages cost no memory, and a pinned array is never moved by a collection.
        _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
        _frames = GC.AllocateUninitializedArray<FrameMark>(capacity / BytesPerFrameMark, pinned: true);
        _byteMask = capacity - 1;
        _frameMask = _frames.Length - 1;
    }

    public int CapacityBytes => _bytes.Length;

    /// <summary>A larger frame would never fit, even into an empty log.</summary>
    public int MaxFrameBytes => _bytes.Length - ControlReserveBytes;

    public long FreeBytes => _bytes.Length - (_appendedEnd - _releasedEnd);

    /// <summary>Less than a quarter is free: time to ask for confirmation.</summary>
    public bool IsNearlyFull =>
        FreeBytes < _bytes.Length / 4 || _appendedFrame - _releasedFrame > _frames.Length / 4 * 3;

    public long UnsentBytes => _appendedEnd - _sentEnd;

    /// <summary>Messages waiting to be released, and their bytes.</summary>
    public int Messages { get; private set; }

    public long MessageBytes { get; private set; }

    /// <summary>Messages released since the log was made, and their bytes.</summary>
    public long ReleasedMessages { get; private set; }

    public long ReleasedMessageBytes { get; private set; }

    /// <summary>Everything appended so far; taken right behind a PING.</summary>
    public FenceMark Mark =>
        new(_appendedFrame, _appendedEnd, ReleasedMessages + Messages, ReleasedMessageBytes + MessageBytes);

    /// <summary>Copies one whole message frame. False when there is no room now.</summary>
    public bool TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        var frameBytes = PubLine.FrameBytes(subject.Length, headers.Length, payload.Length);
        if (frameBytes > FreeBytes - ControlReserveBytes
            || _appendedFrame - _releasedFrame >= _frames.Length - ControlReserveFrames)
        {
            return false;
        }

        var hasHeaders = headers.Length > 0;
        var offset = (int)_appendedEnd & _byteMask;
        if (frameBytes <= _bytes.Length - offset)
        {
            PubLine.Write(_bytes.AsSpan(offset, (int)frameBytes), subject, headers, payload);
        }
        else
        {
            PutInParts(subject, headers, payload);
        }

        var kind = hasHeaders ? FrameKind.Hpub : FrameKind.Pub;
        Add(new FrameMark((int)frameBytes, headers.Length + payload.Length, kind));
        Messages++;
        MessageBytes += frameBytes;
        return true;
    }

    /// <summary>Appends PING or PONG. False when even the reserve is used up.</summary>
    /// <remarks>
    /// A PONG leaves room for a PING: a server that pings a blocked connection could otherwise use up the reserve, and
    /// a full log that cannot ask for confirmation stays full for ever.
    /// </remarks>
    public bool TryAppendControl(FrameKind kind)
    {
        var line = kind == FrameKind.Ping ? "PING\r\n"u8 : "PONG\r\n"u8;
        var kept = kind == FrameKind.Ping ? 0 : 1;
        if (line.Length * (1 + kept) > FreeBytes || _appendedFrame - _releasedFrame + kept >= _frames.Length)
        {
            return false;
        }

        var position = _appendedEnd;
        Put(ref position, line);
        Add(new FrameMark(line.Length, 0, kind));
        return true;
    }

    /// <summary>The next bytes for the socket, up to the limit or the end of the circle.</summary>
    public ReadOnlySpan<byte> Unsent(int maxBytes)
    {
        var offset = (int)_sentEnd & _byteMask;
        var length = Math.Min(Math.Min(UnsentBytes, maxBytes), _bytes.Length - offset);
        return _bytes.AsSpan(offset, (int)length);
    }

    private void Add(FrameMark mark)
    {
        _frames[(int)_appendedFrame & _frameMask] = mark;
        _appendedFrame++;
        _appendedEnd += mark.Bytes;
    }

    /// <summary>The one frame in a lap that lies across the end of the circle.</summary>
    private void PutInParts(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        Span<byte> counts = stackalloc byte[PubLine.CountsMaxBytes];
        counts = counts[..PubLine.WriteCounts(counts, headers.Length, payload.Length)];
        var position = _appendedEnd;
        Put(ref position, PubLine.Verb(headers.Length > 0));
        Put(ref position, subject);
        Put(ref position, counts);
        Put(ref position, headers);
        Put(ref position, payload);
        Put(ref position, PubLine.LineEnd);
    }

    private void Put(ref long position, ReadOnlySpan<byte> part)
    {
        var offset = (int)position & _byteMask;
        var room = _bytes.Length - offset;
        if (part.Length <= room)
        {
            part.CopyTo(_bytes.AsSpan(offset));
        }
        else
        {
            part[..room].CopyTo(_bytes.AsSpan(offset));
            part[room..].CopyTo(_bytes);
        }

        position += part.Length;
    }
}
