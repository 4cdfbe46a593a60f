using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>The publish role: takes all alerts that wait, gives each to its sensor's connection, sends without blocking.</summary>
/// <remarks>Owner of everything here: the holder of the publish baton.</remarks>
public sealed partial class PublishWorker : IDutyCycle
{
    private readonly RingReader _alerts;
    private readonly SensorTable _sensors;
    private readonly PublishingOptions _options;
    private readonly ILogger _log;
    private readonly Shard[] _shards;
    private readonly ShardMap _map;
    private readonly PoolSizer _sizer;
    private readonly BatchWindow _window;
    private readonly PoolMove _move;
    private readonly int[] _writable;
    private readonly long _patienceTicks;
    private readonly SpoolPort? _spool;
    private readonly Action<AppendResult> _drop; // Made once: a lambda at the place of use would allocate.
    private readonly long _tailTicks = Stopwatch.Frequency / 64; // A quiet tail waits 16 ms for its fence.
    private volatile bool _stalled;   // The alert at the head of the ring waits for its connection.
    private volatile bool _blocked;   // Some socket takes no more for now.
    private volatile bool _attention; // Set by connections' threads: flush all.
    private long _dueTicks = long.MaxValue;
    private long _parkedUntilTicks = long.MaxValue;
    private long _room; // Bytes that all connections together may still keep.

    /// <param name="alerts">The reading end of the alert ring.</param>
    /// <param name="sensors">Names and hashes of the sensors.</param>
    /// <param name="connections">The pool; each calls <see cref="RequestAttention"/> when its state changed.</param>
    /// <param name="options">Caps.</param>
    /// <param name="log">For the rate-limited lines about drops.</param>
    /// <param name="spool">Where alerts go that NATS does not take; null for nowhere.</param>
    /// <param name="startTicks">When it starts, in Stopwatch ticks; null for now.</param>
    public PublishWorker(
        RingReader alerts,
        SensorTable sensors,
        IReadOnlyList<IPublishConnection> connections,
        PublishingOptions options,
        ILogger log,
        SpoolPort? spool = null,
        long? startTicks = null)
    {
        _alerts = alerts;
        _sensors = sensors;
        _options = options;
        _log = log;
        var start = startTicks ?? Stopwatch.GetTimestamp();
        _shards = [.. connections.Select(connection => new Shard(connection, start))];
        _writable = new int[_shards.Length];
        _patienceTicks = Clock.Ticks(options.PatienceWithSlowServer);
        _sizer = new PoolSizer(
            options.ActiveConnectionsMin, options.SensorsMove ? _shards.Length : options.ActiveConnectionsMin,
            options.ActiveConnectionsReason);
        _map = new ShardMap(_shards, _sizer.Active, options.SensorsMove);
        _move = new PoolMove(_map);
        _window = new BatchWindow(options.BatchWindowMax, options.BatchBytesMax);
        _drop = Drop;
        _spool = spool;
        _replayAtTicks = start;
        ConnectSpool();
    }

    /// <inheritdoc/>
    public string Role => "publish";

    /// <inheritdoc/>
    public bool HasWork => _attention || (_alerts.HasRecords && !_stalled);

    /// <summary>Sends never block, so whoever has alerts may always run a turn.</summary>
    public long BacklogNanoseconds => 0;

    /// <inheritdoc/>
    public bool NeedsOwnThread => _blocked || _stalled
        || Volatile.Read(ref _dueTicks) < Volatile.Read(ref _parkedUntilTicks) - _tailTicks;

    /// <summary>What was done so far.</summary>
    public PublishCounters Counters { get; } = new();

    /// <summary>Alerts that wait in the ring. Any thread may ask.</summary>
    public long Waiting => _alerts.Depth;

    /// <summary>Which connections carry alerts, and why. Any thread may ask.</summary>
    public PoolSnapshot Pool => new(
        _map.InUse, _shards.Length, _sizer.Why, _move.Moves, Clock.Nanoseconds(0, _window.Ticks) / 1000.0);

    /// <summary>For connections' own threads: the next turn flushes everything. Then wake the role.</summary>
    public void RequestAttention() => _attention = true;

    /// <inheritdoc/>
    public int DoWork() => DoWork(Stopwatch.GetTimestamp());

    /// <summary>The turn that is run at a time, in Stopwatch ticks.</summary>
    internal int DoWork(long now)
    {
        if (_attention)
        {
            _attention = false;
            MarkAll();
        }

        BeginTurn(now);
        var taken = TakeBatch(now, out var isFull);
        var progressed = _spool is null ? 0 : Replay(now);
        progressed += FlushShards(now, _window.Holds(now, taken, isFull || _stalled), out var behind);
        _spool?.Flush();
        Counters.CountTurn(taken);
        _sizer.NoteTurn(now, taken, isFull || behind);
        _map.Place(_sizer.Active);
        return taken + progressed;
    }

    /// <inheritdoc/>
    public ParkPlan PlanPark() => PlanPark(Stopwatch.GetTimestamp());

    internal ParkPlan PlanPark(long now)
    {
        for (var i = 0; i < _shards.Length; i++)
        {
            var isBlocked = _shards[i].LastFlush == FlushResult.Blocked;
            _writable[i] = isBlocked ? _shards[i].Connection.PollDescriptor : -1;
        }

        var due = Volatile.Read(ref _dueTicks);
        var until = due == long.MaxValue ? long.MaxValue : due + _tailTicks;
        if (_stalled || _blocked)
        {
            until = Math.Min(until, now + _patienceTicks / 8);
        }

        if (_move.IsOn)
        {
            until = Math.Min(until, now + Stopwatch.Frequency / 1000);
        }

        // A turn run elsewhere that moves the due time forward from here on sees this and rings.
        Volatile.Write(ref _parkedUntilTicks, until);
        if (until == long.MaxValue)
        {
            return new ParkPlan(-1, _writable);
        }

        var nanoseconds = Clock.Nanoseconds(now, until);
        return new ParkPlan((int)Math.Clamp((nanoseconds + 999_999) / 1_000_000, 1, 1000), _writable);
    }

    /// <inheritdoc/>
    public void Woke()
    {
        Volatile.Write(ref _parkedUntilTicks, long.MaxValue);
        _attention = true; // Time may have run out, or a socket may take bytes again: the next turn looks at all.
    }

    private void MarkAll()
    {
        foreach (var shard in _shards)
        {
            shard.NeedsFlush = true;
        }
    }

    private int TakeBatch(long now, out bool isFull)
    {
        var alerts = 0;
        var bytes = 0;
        isFull = false;
        _stalled = _move.HoldsAlerts(now);
        while (!_stalled && alerts < _options.BatchAlertsMax && bytes < _options.BatchBytesMax && _alerts.TryRead(out var record))
        {
            var hash = _sensors[record.Tag.Sensor].Hash;
            var slot = ShardMap.SlotOf(hash);
            var shard = _map.For(slot);
            if (shard.Spool is { IsSpooling: true } ? !TrySpool(shard.Spool, record, hash) : !TryAppend(shard, slot, record, hash, now))
            {
                _alerts.PutBack();
                _stalled = true;
                break;
            }

            alerts++;
            bytes += record.Payload.Length;
        }

        isFull = alerts >= _options.BatchAlertsMax || bytes >= _options.BatchBytesMax;
        if (alerts > 0)
        {
            _alerts.Release();
        }

        return alerts;
    }

    /// <summary>False when the alert must wait.</summary>
    private bool TryAppend(Shard shard, int slot, in RingRecord record, uint hash, long now)
    {
        var severity = AlertRecord.SeverityOf(record);
        if ((shard.IsStuck || shard.LastFlush == FlushResult.Down) && shard.Spool is not { CanStore: true }
            && _room < (1 - SpoolPort.ShareOf(severity)) * _options.UnconfirmedBytesMax)
        {
            Drop(AlertDropReason.UnconfirmedFull); // What is left of the memory is for graver ones.
            return true;
        }

        var result = _room < record.Payload.Length ? AppendResult.Full : shard.TryAppend(
            AlertRecord.Subject(record), AlertRecord.Json(record), record.Tag.ReceivedAtTicks, record.Tag.Extra);
        if (result == AppendResult.Appended)
        {
            _room -= record.Payload.Length;
            _map.NoteAppended(slot);
            _window.NoteAppended(record.Payload.Length, AlertRecord.IsCritical(record));
            shard.Spool?.NoteAppended(hash, severity);
            return true;
        }

        if (result == AppendResult.Full)
        {
            shard.NeedsFlush = true;
            shard.NoteFull(now);
            if (shard.Spool is { IsCopying: true, CanStore: true } || MakesRoom(shard, record.Payload.Length, now))
            {
                return false;
            }

            if (shard.Spool is { CanStore: true } spool)
            {
                spool.Demand();
                return false;
            }
        }

        Drop(result);
        return true;
    }

    /// <summary>
    /// Whether room is to be expected soon: in this connection, or where all of them share the memory, in any that waits
    /// for something. A connection that waits for nothing gives nothing back.
    /// </summary>
    private bool MakesRoom(Shard shard, int bytes, long now) => _room >= bytes
        ? shard.MakesProgress(now, _patienceTicks)
        : Array.Exists(_shards, each => each.Appended > each.Connection.SettledMessages && each.MakesProgress(now, _patienceTicks));

    private int FlushShards(long now, bool isHeld, out bool behind)
    {
        behind = false;
        var progressed = 0;
        var due = long.MaxValue;
        var blocked = false;
        foreach (var shard in _shards)
        {
            if ((shard.NeedsFlush && !isHeld) || shard.Connection.NextFlushDueTicks <= now)
            {
                progressed += shard.Flush(now, Counters) ? 1 : 0;
            }

            blocked |= shard.LastFlush == FlushResult.Blocked;
            behind |= shard.LastFlush == FlushResult.Blocked
                || (!isHeld && shard.LastFlush == FlushResult.Idle && shard.Connection.HasBacklog);
            due = Math.Min(due, shard.Connection.NextFlushDueTicks);
            due = shard.Spool is null ? due : Math.Min(due, DueTicks(shard.Spool, now));
        }

        _blocked = blocked;
        due = Math.Min(due, _window.DueTicks == long.MaxValue ? long.MaxValue : _window.DueTicks - _tailTicks);
        Volatile.Write(ref _dueTicks, due);
        return progressed;
    }

    private void Drop(AppendResult result)
    {
        var reason = result switch
        {
            AppendResult.Full => AlertDropReason.UnconfirmedFull,
            AppendResult.TooLarge => AlertDropReason.TooLarge,
            _ => AlertDropReason.BadSubject,
        };
        Drop(reason);
    }

    private void Drop(AlertDropReason reason)
    {
        Counters.CountDropped(reason);
        PublishingLog.Dropped(_log, Counters, reason);
    }
}
