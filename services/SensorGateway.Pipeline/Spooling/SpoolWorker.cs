using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Spooling.Files;
using SensorGateway.Pipeline.Spooling.Segments;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Spooling;

/// <summary>The spool role: everything that may wait for a disk. Its own thread alone runs it.</summary>
/// <remarks>
/// Writes to a page cache can wait for seconds while the kernel writes back, and an fsync takes as long as the disk
/// likes. So the publish role, whose turns run on the sensors' own readers, hands alerts over in memory and never calls
/// the file system.
/// </remarks>
internal sealed partial class SpoolWorker : IDutyCycle, IDisposable
{
    private static readonly TimeSpan Housekeeping = TimeSpan.FromMilliseconds(250);

    private readonly SpoolOptions _options;
    private readonly SpoolOpening _opening;
    private readonly SpoolLog _spool;
    private readonly RingReader _handedOver;
    private readonly EventRing[] _replay;
    private readonly SpoolCells _cells;
    private readonly Action _wakePublisher;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ulong[] _confirmed;
    private readonly ulong _firstSequence;
    private readonly long _fsyncTicks;
    private readonly long _retryTicks;
    private volatile bool _attention; // Set by the publish role: there is room again, or something was confirmed.
    private bool _isOpen;
    private bool _hasStoppedRing; // The record at the head of the ring waits for room in the buffer.
    private long _unsyncedSinceTicks;
    private long _retryAtTicks;
    private long _writeErrors;
    private long _slowestTicks;
    private long _syncedRecords;
    private string? _lastError;
    private volatile SpoolSnapshot _snapshot;

    public SpoolWorker(
        SpoolOptions options, ISpoolFiles files, SpoolOpening opening, ulong firstSequence, RingReader handedOver, EventRing[] replay,
        SpoolCells cells, Action wakePublisher, TimeProvider clock, ILogger log)
    {
        _options = options;
        _opening = opening;
        _spool = new SpoolLog(files, options, replay.Length);
        _firstSequence = firstSequence;
        _handedOver = handedOver;
        _replay = replay;
        _cells = cells;
        _wakePublisher = wakePublisher;
        _clock = clock;
        _log = log;
        _confirmed = new ulong[replay.Length];
        _fsyncTicks = Clock.Ticks(options.FsyncInterval);
        _retryTicks = Clock.Ticks(options.RetryInterval);
        if (opening.IsUnderWay)
        {
            NoteFailure(clock.GetTimestamp(), new IOException("the disk has not answered since the start"));
        }

        _snapshot = TakeSnapshot();
    }

    /// <inheritdoc/>
    public string Role => "spool";

    /// <inheritdoc/>
    public bool HasWork => _attention || (_cells.IsRecovered && _handedOver.HasRecords && !_hasStoppedRing);

    /// <inheritdoc/>
    public long BacklogNanoseconds => 0;

    /// <summary>How the spool is. Any thread may ask; never older than a quarter of a second while it is in use.</summary>
    public SpoolSnapshot Snapshot => _snapshot;

    /// <summary>For the publish role: the next turn looks at everything. Then wake the role.</summary>
    public void RequestAttention() => _attention = true;

    /// <inheritdoc/>
    public ParkPlan PlanPark()
    {
        if (!_isOpen || _spool.Unscanned > 0)
        {
            return new ParkPlan(_cells.IsFailing ? (int)Housekeeping.TotalMilliseconds : 1, default);
        }

        // While the disk fails nothing is given to it, so nobody else wakes this role to find out that it works again.
        var sleeps = _spool is { Segments: 0, BufferedBytes: 0 } && !_cells.IsFailing;
        var wait = sleeps ? -1 : (int)Housekeeping.TotalMilliseconds;
        return new ParkPlan(
            _spool.NeedsSync ? (int)Math.Max(1, _options.FsyncInterval.TotalMilliseconds) : wait, default);
    }

    /// <inheritdoc/>
    public int DoWork() => DoWork(Stopwatch.GetTimestamp());

    /// <summary>The turn that is run at a time, in Stopwatch ticks.</summary>
    internal int DoWork(long now)
    {
        _attention = false;
        return Work(now, finishing: false);
    }

    /// <summary>At shutdown, when both threads have ended: stores what was handed over. Bounded work.</summary>
    /// <param name="now">Stopwatch ticks.</param>
    /// <returns>True when all of it is on the disk.</returns>
    public bool Finish(long now)
    {
        _retryAtTicks = 0;
        while (Work(now, finishing: true) > 0)
        {
        }

        return !_cells.IsFailing && _spool.BufferedBytes == 0 && !_handedOver.HasRecords;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => _spool.Dispose();

    private int Work(long now, bool finishing)
    {
        var done = 0;
        _cells.Answers.WriteRelease(_cells.Answers.Own | 1);
        if (!_isOpen || _spool.Unscanned > 0)
        {
            done += Recover(now);
        }

        if (_isOpen)
        {
            done += Store(now, finishing);

            // What went back before all is counted would be missing from the count that the publish role waits for.
            done += finishing || _spool.Unscanned > 0 ? 0 : Replay(now);
            Release();
        }

        _cells.Answers.WriteRelease(_cells.Answers.Own + 1);
        _cells.UsedBytes.WriteRelease(_spool.UsedBytes);
        _snapshot = done == 0 || finishing ? TakeSnapshot() : _snapshot;
        return done;
    }

    private int Recover(long now)
    {
        if (now < _retryAtTicks)
        {
            return 0;
        }

        try
        {
            if (!_isOpen)
            {
                _opening.Wait();
                _spool.Open(_firstSequence);
                _isOpen = true;
            }
            else
            {
                _spool.ScanNext();
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Fail(now, failure);
            return 0;
        }

        if (_spool.Unscanned == 0)
        {
            for (var i = 0; i < _replay.Length; i++)
            {
                _cells[i].Recovered = _spool.Lanes[i].Pending;
            }

            _cells.IsRecovered = true;
            if (_spool.Recovered > 0)
            {
                SpoolingLog.Recovered(_log, _options.Folder, _spool.Recovered);
            }

            if (_spool.DamagedBytes > 0 || _spool.BadFiles > 0)
            {
                SpoolingLog.Damaged(_log, _options.Folder, _spool.DamagedBytes, _spool.BadFiles);
            }

            _wakePublisher();
        }

        return 1;
    }

    private int Store(long now, bool finishing)
    {
        var records = 0;
        if (_spool.Unscanned > 0)
        {
            return 0; // What is old is counted before anything new mixes with it.
        }

        do
        {
            var taken = Gather();
            records += taken;
            if (now < _retryAtTicks || !TryWrite(now, finishing))
            {
                break;
            }
        }
        while (_hasStoppedRing);

        return records;
    }

    /// <summary>From the ring into the buffer.</summary>
    private int Gather()
    {
        var records = 0;
        var bytes = 0L;
        _hasStoppedRing = false;
        while (_handedOver.TryRead(out var record))
        {
            if (!_spool.TryAppend(SpooledAlert.Head(record), SpooledAlert.Subject(record), SpooledAlert.Json(record)))
            {
                _handedOver.PutBack();
                _hasStoppedRing = true;
                break;
            }

            records++;
            bytes += SpoolRecord.Bytes(record.Payload.Length);
        }

        _handedOver.Release(); // Also when nothing was taken: a skip before the first record would fill the ring.
        if (records > 0)
        {
            _cells.UsedBytes.WriteRelease(_spool.UsedBytes); // Before they are missing from what is under way.
            _cells.TakenBytes.WriteRelease(_cells.TakenBytes.Own + bytes);
            _wakePublisher();
        }

        return records;
    }

    private bool TryWrite(long now, bool finishing)
    {
        var from = Stopwatch.GetTimestamp();
        try
        {
            if (_cells.IsFailing && _spool.BufferedBytes == 0)
            {
                _spool.Probe();
            }
            else if (!_spool.WriteOut())
            {
                return false;
            }

            if (!_spool.NeedsSync)
            {
                _unsyncedSinceTicks = 0;
            }
            else if (_options.Fsync == SpoolFsync.Off)
            {
                _syncedRecords = _spool.Records;
            }
            else
            {
                _unsyncedSinceTicks = _unsyncedSinceTicks == 0 ? now : _unsyncedSinceTicks;
                if (finishing || now - _unsyncedSinceTicks >= _fsyncTicks)
                {
                    _spool.Sync();
                    _unsyncedSinceTicks = 0;
                    _syncedRecords = _spool.Records;
                }
            }

            Succeed();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Fail(now, failure);
            return false;
        }
        finally
        {
            _slowestTicks = Math.Max(_slowestTicks, Stopwatch.GetTimestamp() - from);
            _cells.Answers.WriteRelease(_cells.Answers.Own + 2);
        }
    }
}
