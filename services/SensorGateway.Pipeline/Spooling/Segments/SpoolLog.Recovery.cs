using SensorGateway.Pipeline.Spooling.Files;

namespace SensorGateway.Pipeline.Spooling.Segments;

/// <summary>What a start finds. Damage never stops it.</summary>
internal sealed partial class SpoolLog
{
    private const int BadFilesMax = 8;
    private const int ScansMax = 5; // Tries, which the spool role makes a second apart.

    private readonly Queue<(string Name, long Bytes, ulong First)> _unscanned = new();
    private ulong _lastRecovered;
    private int _failedScans;

    /// <summary>Files of an earlier start that are not read yet.</summary>
    public int Unscanned => _unscanned.Count;

    /// <summary>Records of earlier starts, as found so far.</summary>
    public long Recovered { get; private set; }

    /// <summary>Looks for files of earlier starts; returns how many.</summary>
    /// <param name="below">First sequence of this start.</param>
    public int Open(ulong below)
    {
        FirstOfThisStart = below;
        _files.Prepare();
        var found = new List<(string Name, long Bytes, ulong First)>();
        foreach (var (name, bytes) in _files.List())
        {
            if (SegmentHeader.TryParseName(name, out var first))
            {
                if (first < below)
                {
                    found.Add((name, bytes, first));
                }
                else
                {
                    // Later than now, so it would hide what we write. The clock may be wrong: nothing is deleted for it.
                    PutAside(name, forGood: false);
                }
            }
        }

        foreach (var one in found.OrderBy(static one => one.First))
        {
            _unscanned.Enqueue(one);
        }

        return _unscanned.Count;
    }

    /// <summary>Reads one of these files and counts what is in it.</summary>
    /// <exception cref="IOException">The disk does not give it; call again later. After some tries it is put aside.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void ScanNext()
    {
        var (name, bytes, first) = _unscanned.Peek();
        var segment = new Segment(name, first) { Bytes = bytes, DiskBytes = bytes };
        try
        {
            Scan(segment);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            segment.Close();
            _files.List(); // A disk that gives nothing at all is waited for, however long.
            if (++_failedScans < ScansMax)
            {
                throw;
            }

            (segment.Records, segment.IsDamaged) = (0, true);
        }

        _unscanned.Dequeue();
        _failedScans = 0;
        if (segment.Records > 0)
        {
            Add(segment);
            Records += segment.Records;
            Recovered += segment.Records;
            segment.Close();
            if (_unscanned.Count == 0)
            {
                TryGiveBack(name); // Only the file that was written to last can have room reserved.
            }

            return;
        }

        segment.Close();
        if (bytes > SegmentHeader.Bytes && segment.IsDamaged)
        {
            PutAside(name);
        }
        else
        {
            TryDelete(name); // Reserved and never written to, or duplicates alone.
        }
    }

    private void Scan(Segment segment)
    {
        var file = segment.Open(_files);
        segment.Bytes = file.Length;
        _windowOf = null; // The header is read over what it held.
        segment.IsDamaged = file.Read(_window.AsSpan(0, SegmentHeader.Bytes), 0) < SegmentHeader.Bytes
            || !SegmentHeader.IsSound(_window);
        var damageIsOpen = 0L;
        var damagedBytes = 0L;
        var soundEnd = (long)SegmentHeader.Bytes;
        var seenBefore = _lastRecovered;
        Span<long> counted = stackalloc long[_lanes.Length];
        counted.Clear();
        var cursor = new ReadCursor { Segment = segment, Offset = SegmentHeader.Bytes, LastSeen = seenBefore };
        while (TryStep(ref cursor, segment.Bytes, out var record, out var bytes, out var skipped))
        {
            damageIsOpen += skipped;
            damagedBytes += skipped;
            if (bytes == 0)
            {
                continue;
            }

            // A tail that no record follows is what a crash leaves behind; anything else is damage.
            segment.IsDamaged |= damageIsOpen > 0;
            damageIsOpen = 0;
            cursor.Offset += bytes;
            soundEnd = cursor.Offset;
            if (record.Head.Sequence > cursor.LastSeen)
            {
                cursor.LastSeen = record.Head.Sequence;
                segment.LastSequence = record.Head.Sequence;
                segment.SavedAtMilliseconds =
                    segment.Records == 0 ? record.Head.SavedAtMilliseconds : segment.SavedAtMilliseconds;
                segment.Records++;
                counted[LaneOf(record.Head)]++;
            }
        }

        DamagedBytes += damagedBytes;
        segment.IsDamaged |= segment.Records == 0 && damageIsOpen > 0;
        segment.Bytes = soundEnd;
        _lastRecovered = cursor.LastSeen;
        for (var i = 0; i < _lanes.Length; i++)
        {
            _lanes[i].Pending += counted[i];
            if (counted[i] > 0 && _lanes[i].Segment is null)
            {
                (_lanes[i].Segment, _lanes[i].Offset, _lanes[i].LastSeen) = (segment, SegmentHeader.Bytes, seenBefore);
            }
        }
    }

    /// <summary>Keeps a broken file for a look at it, but only so many.</summary>
    private void PutAside(string name, bool forGood = true)
    {
        BadFiles++;
        try
        {
            _files.Rename(name, name + SegmentHeader.BadSuffix);
            var bad = _files.List()
                .Select(static file => file.Name)
                .Where(static file => file.EndsWith(SegmentHeader.BadSuffix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .ToArray();
            foreach (var old in forGood ? bad.SkipLast(BadFilesMax) : [])
            {
                _files.Delete(old);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It stays where it is, and the next start meets it again.
        }
    }

    /// <summary>A start that was killed had no time for it, and the cap counts what files hold.</summary>
    private void TryGiveBack(string name)
    {
        try
        {
            _files.GiveBack(name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It goes with the file.
        }
    }

    private void TryDelete(string name)
    {
        try
        {
            _files.Delete(name);
            _folderIsDirty = true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next start meets it again: duplicates at worst, with the same ids.
        }
    }
}
