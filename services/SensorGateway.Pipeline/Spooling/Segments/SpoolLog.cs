using SensorGateway.Pipeline.Spooling.Files;

namespace SensorGateway.Pipeline.Spooling.Segments;

/// <summary>An append-only log of alerts in segment files. Owner: the spool role; no threads, no clock of its own.</summary>
/// <remarks>
/// Nothing on the disk must agree with anything else there: what a start finds is what the records themselves say.
/// After an exception the log goes on: what was not written stays in the buffer and is written again.
/// </remarks>
internal sealed partial class SpoolLog : IDisposable
{
    /// <summary>Records gathered for one write.</summary>
    public const int BufferBytes = 512 * 1024;

    private const int GatheredShare = 16; // Of the whole space: a write that does not fit waits for room as a whole.

    private const int SmallerShare = 4;
    private const string ProbeName = "probe";
    private const int ProbeBytes = 4096;
    private const int ProbeReserve = 128 * 1024;

    private readonly ISpoolFiles _files;
    private readonly SpoolOptions _options;
    private readonly ReadLane[] _lanes;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private readonly byte[] _window = GC.AllocateUninitializedArray<byte>(WindowBytes);
    private Segment? _first;
    private Segment? _last;
    private ISpoolFile? _active; // The file of _last while it is being written.
    private int _buffered;
    private int _bufferedRecords;
    private long _bufferedSavedAt;
    private ulong _bufferedFirst;
    private ulong _bufferedLast;
    private bool _rollNext;     // The last write failed: the next one tries a new file.
    private bool _folderIsDirty;

    /// <param name="files">The folder.</param>
    /// <param name="options">Caps.</param>
    /// <param name="lanes">Connections that alerts go back to; a sensor's is its hash modulo their number.</param>
    public SpoolLog(ISpoolFiles files, SpoolOptions options, int lanes)
    {
        _files = files;
        _options = options;
        _lanes = [.. Enumerable.Range(0, lanes).Select(static _ => new ReadLane())];
    }

    /// <summary>One per connection.</summary>
    public IReadOnlyList<ReadLane> Lanes => _lanes;

    /// <summary>Bytes on the disk, reserved ones left out, and those that wait to be written.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>Bytes that wait to be written.</summary>
    public int BufferedBytes => _buffered;

    /// <summary>Written and not synced.</summary>
    public bool NeedsSync { get; private set; }

    public int Segments { get; private set; }

    /// <summary>Records on the disk.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes that were no records where records should be.</summary>
    public long DamagedBytes { get; private set; }

    /// <summary>Files that were put aside.</summary>
    public int BadFiles { get; private set; }

    /// <summary>When the oldest record was written, in milliseconds since 1970; 0 when there is none.</summary>
    public long OldestMilliseconds => _first?.SavedAtMilliseconds ?? _bufferedSavedAt;

    /// <summary>Takes a record into the buffer. False when <see cref="WriteOut"/> must come first.</summary>
    public bool TryAppend(in SpoolHead head, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json)
    {
        var bytes = SpoolRecord.Bytes(subject.Length + json.Length);
        if (_buffered > 0 && bytes > Math.Min(_buffer.Length, _options.BytesMax / GatheredShare) - _buffered)
        {
            return false;
        }

        _buffered += SpoolRecord.Write(_buffer.AsSpan(_buffered), head, subject, json);
        if (_bufferedRecords++ == 0)
        {
            (_bufferedFirst, _bufferedSavedAt) = (head.Sequence, head.SavedAtMilliseconds);
        }

        _bufferedLast = head.Sequence;
        UsedBytes += bytes;
        var lane = _lanes[LaneOf(head)];
        if (head.IsCopy)
        {
            lane.LastCopied = head.Sequence;
        }
        else
        {
            lane.Pending++;
        }

        return true;
    }

    /// <summary>
    /// For a disk that takes nothing: forgets the buffer once all it held has been handed out of memory and is confirmed.
    /// </summary>
    /// <remarks>Not before: who has taken a record relies on it being stored, now or when the disk works again.</remarks>
    /// <param name="confirmed">For each lane, the sequence up to which its records are delivered or given up.</param>
    public void ForgetHandedOut(ReadOnlySpan<ulong> confirmed)
    {
        for (var i = 0; i < _lanes.Length; i++)
        {
            if (_lanes[i].Pending > 0 || confirmed[i] < Math.Max(_lanes[i].LastHanded, _lanes[i].LastCopied))
            {
                return;
            }
        }

        UsedBytes -= _buffered;
        ClearBuffer();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Seal();
        }
        catch (IOException)
        {
            // The next start reads the file however it ends.
        }

        for (var segment = _first; segment is not null; segment = segment.Next)
        {
            segment.Close();
        }
    }

    private int LaneOf(in SpoolHead head) => (int)(head.SensorHash % SpoolPort.Slots) % _lanes.Length;

    private void ClearBuffer() => (_buffered, _bufferedRecords, _bufferedSavedAt) = (0, 0, 0);

    private void Add(Segment segment)
    {
        if (_last is null)
        {
            _first = segment;
        }
        else
        {
            _last.Next = segment;
        }

        _last = segment;
        Segments++;
        UsedBytes += segment.Bytes;
    }
}
