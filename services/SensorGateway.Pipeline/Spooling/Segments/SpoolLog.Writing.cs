using SensorGateway.Pipeline.Spooling.Files;

namespace SensorGateway.Pipeline.Spooling.Segments;

/// <summary>From the buffer to the disk.</summary>
internal sealed partial class SpoolLog
{
    /// <summary>Writes what the buffer holds. False when the cap leaves no room for it now.</summary>
    /// <exception cref="IOException">The disk does not take it; it stays in the buffer.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither.</exception>
    public bool WriteOut()
    {
        if (_buffered == 0)
        {
            return true;
        }

        if (_active is null || _rollNext || _last!.Bytes + _buffered > _last.DiskBytes)
        {
            Seal();
            RemoveEmptyLast();
            if (!TryRoll())
            {
                return false;
            }
        }

        _rollNext = true;
        _active!.Write(_buffer.AsSpan(0, _buffered), _last!.Bytes);
        _rollNext = false;
        NoteWritten(_last);
        return true;
    }

    /// <summary>Returns when the disk has all that was written out.</summary>
    /// <exception cref="IOException">It is unknown what the disk has.</exception>
    public void Sync()
    {
        // Cleared only afterwards. After a failed fsync the system may believe its pages clean: the next records go to
        // another file, and these stay readable as long as memory holds them.
        if (NeedsSync && _active is not null)
        {
            _rollNext = true;
            _active.Sync();
            _rollNext = false;
        }

        if (_folderIsDirty)
        {
            _files.SyncFolder();
            _folderIsDirty = false;
        }

        NeedsSync = false;
    }

    /// <summary>Finds out whether the disk takes a segment again when nothing waits to be written.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public void Probe()
    {
        _buffer.AsSpan(0, ProbeBytes).Clear();
        try
        {
            using var file = _files.Create(ProbeName, ProbeReserve);
            file.Write(_buffer.AsSpan(0, ProbeBytes), 0);
            file.Sync();
        }
        finally
        {
            TryDelete(ProbeName);
        }
    }

    /// <summary>Ends the segment being written; the room it reserved and does not need goes back.</summary>
    private void Seal()
    {
        if (_active is null)
        {
            return;
        }

        var file = _active;
        _active = null;
        try
        {
            if (NeedsSync && _options.Fsync == SpoolFsync.Group)
            {
                file.Sync();
            }
        }
        finally
        {
            file.Truncate(_last!.Bytes);
            _last.DiskBytes = _last.Bytes;
            _last.Close(); // Opened again when it is read: a long outage makes thousands of them.
        }
    }

    /// <summary>A new file whose first write failed holds nothing, and has the name that the next one needs.</summary>
    private void RemoveEmptyLast()
    {
        if (_last is not { Records: 0 } empty)
        {
            return;
        }

        var before = _first;
        while (before is not null && !ReferenceEquals(before, empty) && !ReferenceEquals(before.Next, empty))
        {
            before = before.Next;
        }

        _last = ReferenceEquals(before, empty) ? null : before;
        _first = _last is null ? null : _first;
        before!.Next = null;
        Segments--;
        UsedBytes -= empty.Bytes;
        empty.Close();
        TryDelete(empty.Name);
    }

    private bool TryRoll()
    {
        var onDisk = 0L;
        for (var segment = _first; segment is not null; segment = segment.Next)
        {
            onDisk += segment.DiskBytes;
        }

        var needed = SegmentHeader.Bytes + _buffered;
        var room = Math.Min(Math.Max(_options.SegmentBytes, needed), _options.BytesMax - onDisk);
        if (room < needed)
        {
            return false;
        }

        var fresh = new Segment(SegmentHeader.NameOf(_bufferedFirst), _bufferedFirst);
        var file = Create(fresh.Name, ref room, needed);
        fresh.DiskBytes = room;
        try
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            SegmentHeader.Write(header, _bufferedFirst);
            file.Write(header, 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            TryDelete(fresh.Name);
            throw;
        }

        fresh.Bytes = SegmentHeader.Bytes;
        fresh.SavedAtMilliseconds = _bufferedSavedAt;
        fresh.Adopt(file);
        Add(fresh);
        _active = file;
        _folderIsDirty = true;
        return true;
    }

    /// <summary>A disk that has no room for a whole segment may have some for a smaller one.</summary>
    private ISpoolFile Create(string name, ref long bytes, long needed)
    {
        while (true)
        {
            try
            {
                return _files.Create(name, bytes);
            }
            catch (IOException) when (bytes > needed)
            {
                bytes = Math.Max(bytes / SmallerShare, needed);
            }
        }
    }

    private void NoteWritten(Segment segment)
    {
        foreach (var lane in _lanes)
        {
            if (lane.Segment is null && lane.Pending > 0)
            {
                (lane.Segment, lane.Offset, lane.LastSeen) = (segment, segment.Bytes, _bufferedFirst - 1);
            }
        }

        segment.Bytes += _buffered;
        segment.LastSequence = _bufferedLast;
        segment.Records += _bufferedRecords;
        Records += _bufferedRecords;
        NeedsSync = true;
        ClearBuffer();
    }
}
