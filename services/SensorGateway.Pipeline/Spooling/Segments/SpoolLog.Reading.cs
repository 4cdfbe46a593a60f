namespace SensorGateway.Pipeline.Spooling.Segments;

/// <summary>A place in the log while it is walked.</summary>
internal struct ReadCursor
{
    public Segment? Segment;
    public long Offset;
    public ulong LastSeen;
}

/// <summary>How records come out again, for each lane by itself, and how segments go.</summary>
internal sealed partial class SpoolLog
{
    private const int WindowBytes = 1024 * 1024; // More than two of the longest records.

    private Segment? _windowOf;
    private long _windowAt;
    private int _windowBytes;
    private bool _windowEndsFile;

    /// <summary>
    /// Lends the lane's next record; <see cref="Take"/> steps over it. Records that the disk does not take are read from
    /// the buffer.
    /// </summary>
    /// <exception cref="IOException">The disk does not give it; try again later.</exception>
    public bool TryPeek(int lane, out SpoolRecordView record)
    {
        record = default;
        var reader = _lanes[lane];
        while (reader.Pending > 0 && reader.Segment is { } segment)
        {
            var cursor = new ReadCursor { Segment = segment, Offset = reader.Offset, LastSeen = reader.LastSeen };
            if (!TryStep(ref cursor, segment.Bytes, out record, out var bytes, out var skipped))
            {
                if (segment.Next is null)
                {
                    return TryPeekBuffer(reader, lane, out record);
                }

                Leave(segment, reader);
                (reader.Segment, reader.Offset) = (segment.Next, SegmentHeader.Bytes);
                continue;
            }

            segment.IsDamaged |= skipped > 0;
            reader.Offset = cursor.Offset;
            if (bytes == 0)
            {
                continue;
            }

            if (record.Head.Sequence > reader.LastSeen && IsOf(record.Head, lane)
                && record.Head.Sequence > reader.LastHanded)
            {
                reader.PeekedBytes = bytes;
                return true;
            }

            reader.LastSeen = Math.Max(reader.LastSeen, record.Head.Sequence);
            reader.Offset += bytes;
        }

        return reader.Pending > 0 && TryPeekBuffer(reader, lane, out record);
    }

    /// <summary>Steps over the record that was lent last.</summary>
    public void Take(int lane, in SpoolRecordView record)
    {
        var reader = _lanes[lane];
        reader.Pending--;
        reader.LastHanded = record.Head.Sequence;
        if (reader.PeekedBytes > 0)
        {
            reader.Offset += reader.PeekedBytes;
            reader.LastSeen = record.Head.Sequence;
        }
    }

    /// <summary>Removes what everybody is done with.</summary>
    /// <param name="confirmed">For each lane, the sequence up to which its records are delivered or given up.</param>
    /// <returns>Segments removed.</returns>
    public int Release(ReadOnlySpan<ulong> confirmed)
    {
        var needed = ulong.MaxValue;
        for (var i = 0; i < _lanes.Length; i++)
        {
            needed = Math.Min(needed, _lanes[i].Needs(confirmed[i]));
        }

        var removed = 0;
        while (_first is { } oldest && _unscanned.Count == 0 && oldest.LastSequence < needed)
        {
            if (ReferenceEquals(oldest, _last))
            {
                if (_buffered > 0 && _active is not null && !_rollNext && oldest.Bytes + _buffered <= oldest.DiskBytes)
                {
                    break; // More is about to go into it. What does not fit may need the very room that it takes.
                }

                _active = null;
                _last = null;
                NeedsSync = false;
            }

            Remove(oldest);
            removed++;
        }

        return removed;
    }

    private void Remove(Segment oldest)
    {
        foreach (var lane in _lanes)
        {
            if (ReferenceEquals(lane.Segment, oldest))
            {
                (lane.Segment, lane.Offset) = (oldest.Next, SegmentHeader.Bytes);
            }
        }

        _first = oldest.Next;
        _windowOf = ReferenceEquals(_windowOf, oldest) ? null : _windowOf;
        Segments--;
        Records -= oldest.Records;
        UsedBytes -= oldest.Bytes;
        oldest.Close();
        if (oldest.IsDamaged)
        {
            PutAside(oldest.Name);
        }
        else
        {
            TryDelete(oldest.Name);
        }
    }

    /// <summary>Steps to the next record or over the next damage of one segment.</summary>
    /// <param name="cursor">Moved over damage, not over the record.</param>
    /// <param name="end">Bytes of the segment that may hold records.</param>
    /// <param name="record">The record.</param>
    /// <param name="bytes">Its bytes; 0 when there is none here yet: call again.</param>
    /// <param name="skipped">Damaged bytes stepped over.</param>
    /// <returns>False at the end.</returns>
    private bool TryStep(
        scoped ref ReadCursor cursor, long end, out SpoolRecordView record, out int bytes, out int skipped)
    {
        record = default;
        (bytes, skipped) = (0, 0);
        if (cursor.Offset >= end)
        {
            return false;
        }

        var data = Window(cursor.Segment!, cursor.Offset, end);
        var isWhole = cursor.Offset + data.Length >= end || _windowEndsFile;
        var part = SegmentParser.Read(data, isWhole, out record, out bytes);
        if (part == SegmentPart.NeedsMore)
        {
            _windowOf = null; // Read anew from here on; a window holds the longest record.
            return true;
        }

        if (part == SegmentPart.Record)
        {
            return true;
        }

        cursor.Offset = data.IsEmpty ? end : cursor.Offset + bytes;
        skipped = part == SegmentPart.Damage ? bytes : 0;
        bytes = 0;
        return true;
    }

    private ReadOnlySpan<byte> Window(Segment segment, long offset, long end)
    {
        // What was read is good as long as it ends a record; of a segment that grows, the rest is read when it is there.
        if (!ReferenceEquals(_windowOf, segment) || offset < _windowAt || offset >= _windowAt + _windowBytes)
        {
            _windowOf = null;
            var file = ReferenceEquals(segment, _last) && _active is not null ? _active : segment.Open(_files);
            var wanted = (int)Math.Min(WindowBytes, end - offset);
            _windowBytes = file.Read(_window.AsSpan(0, wanted), offset);
            (_windowOf, _windowAt, _windowEndsFile) = (segment, offset, _windowBytes < wanted);
        }

        return _window.AsSpan((int)(offset - _windowAt), (int)(_windowAt + _windowBytes - offset));
    }

    private bool TryPeekBuffer(ReadLane reader, int lane, out SpoolRecordView record)
    {
        var at = 0;
        while (at < _buffered && SpoolRecord.TryRead(_buffer.AsSpan(at, _buffered - at), out record, out var bytes))
        {
            if (IsOf(record.Head, lane) && record.Head.Sequence > reader.LastHanded)
            {
                reader.PeekedBytes = 0;
                return true;
            }

            at += bytes;
        }

        record = default;
        if (_buffered == 0 && _unscanned.Count == 0)
        {
            // Everything was walked through: what is still counted was there once and cannot be read any more.
            reader.Lost += reader.Pending;
            reader.Pending = 0;
        }

        return false;
    }

    private bool IsOf(in SpoolHead head, int lane) =>
        LaneOf(head) == lane && !(head.IsCopy && head.Sequence >= FirstOfThisStart);

    /// <summary>Sequences from here on were written by this process.</summary>
    public ulong FirstOfThisStart { get; private set; }

    private void Leave(Segment segment, ReadLane reader)
    {
        foreach (var lane in _lanes)
        {
            if (!ReferenceEquals(lane, reader) && ReferenceEquals(lane.Segment, segment))
            {
                return;
            }
        }

        if (!ReferenceEquals(segment, _last))
        {
            segment.Close();
        }
    }
}
