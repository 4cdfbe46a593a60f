namespace SensorGateway.Nats.Protocol;

internal enum LineResult
{
    Line,
    NeedMore,

    /// <summary>No line end within the limit; the stream cannot be trusted any more.</summary>
    TooLong,
}

/// <summary>
/// Received bytes that have not been parsed. Grows for a long line or message, never above its limit.
/// </summary>
/// <remarks>Owner: the reading side. Spans it hands out hold until the next <see cref="Writable"/>.</remarks>
internal sealed class ReceiveBuffer
{
    /// <summary>INFO lists every server of a cluster; everything else a server says in one line is short.</summary>
    public const int InfoLineMaxBytes = 1024 * 1024;
    public const int LineMaxBytes = 64 * 1024;

    private readonly int _initialBytes;
    private readonly int _maxBytes;
    private byte[] _bytes;
    private int _start;
    private int _end;
    private int _searched; // From _start on; these bytes hold no line end, so half lines are not scanned again.

    public ReceiveBuffer(int initialBytes, int maxBytes)
    {
        _initialBytes = initialBytes;
        _maxBytes = Math.Max(initialBytes, maxBytes);
        _bytes = new byte[initialBytes];
    }

    public int UnreadBytes => _end - _start;

    public int CapacityBytes => _bytes.Length;

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, UnreadBytes);

    /// <summary>Where to receive into; empty only when the buffer is full at its limit.</summary>
    public Span<byte> Writable(int wantedBytes = 1)
    {
        if (_start == _end)
        {
            (_start, _end, _searched) = (0, 0, 0);
            if (_bytes.Length > _initialBytes && wantedBytes <= _initialBytes)
            {
                _bytes = new byte[_initialBytes]; // One long line must not hold its memory for ever.
            }
        }

        // A sliver of room at the end would mean a system call for a few bytes: what is unread moves down instead.
        if (_bytes.Length - _end < Math.Max(wantedBytes, _initialBytes / 8))
        {
            MakeRoom(wantedBytes);
        }

        return _bytes.AsSpan(_end);
    }

    /// <summary>Notes that this many bytes were received into <see cref="Writable"/>.</summary>
    public void Commit(int bytes) => _end += bytes;

    /// <summary>Takes the next line, without its CR LF. A lone LF ends a line too.</summary>
    public LineResult TryReadLine(out ReadOnlySpan<byte> line)
    {
        var result = TryPeekLine(out line, out var lineBytes);
        if (result == LineResult.Line)
        {
            Skip(lineBytes);
        }

        return result;
    }

    /// <summary>Shows the next line but leaves it; <paramref name="lineBytes"/> counts its line end too.</summary>
    public LineResult TryPeekLine(out ReadOnlySpan<byte> line, out int lineBytes)
    {
        line = default;
        lineBytes = 0;
        var unread = Unread;
        var lineEnd = unread[_searched..].IndexOf((byte)'\n');
        if (lineEnd < 0)
        {
            _searched = unread.Length;
            return unread.Length > LineLimit(unread) ? LineResult.TooLong : LineResult.NeedMore;
        }

        lineEnd += _searched;
        if (lineEnd > LineLimit(unread))
        {
            return LineResult.TooLong;
        }

        line = unread[..lineEnd];
        if (line.EndsWith("\r"u8))
        {
            line = line[..^1];
        }

        lineBytes = lineEnd + 1;
        return LineResult.Line;
    }

    /// <summary>Leaves this many unread bytes behind.</summary>
    public void Skip(int bytes)
    {
        _start += bytes;
        _searched = 0;
    }

    private static int LineLimit(ReadOnlySpan<byte> unread) =>
        ServerLine.Parse(unread[..Math.Min(5, unread.Length)]).Kind == ServerLineKind.Info
            ? InfoLineMaxBytes
            : LineMaxBytes;

    private void MakeRoom(int wantedBytes)
    {
        var unread = UnreadBytes;
        var size = _bytes.Length;
        while (size - unread < wantedBytes && size < _maxBytes)
        {
            size = (int)Math.Min(size * 2L, _maxBytes);
        }

        var target = size == _bytes.Length ? _bytes : new byte[size];
        _bytes.AsSpan(_start, unread).CopyTo(target);
        (_bytes, _start, _end) = (target, 0, unread);
    }
}
