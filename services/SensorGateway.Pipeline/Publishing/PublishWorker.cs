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
    private readonly int[] _writable;
    private readonly long _patienceTicks;
    private readonly SpoolPort? _spool;
    private readonly Action<AppendResult> _drop; // Made once: a lambda at the place of use would allocate.
    private readonly long _replayPauseTicks = Stopwatch.Frequency / 1000;
    private readonly long _tailTicks = Stopwatch.Frequency / 64; // A quiet tail waits 16 ms for its fence.
    private volatile bool _stalled;   // The alert at the head of the ring waits for its connection.
    private volatile bool _blocked;   // Some socket takes no more for now.
    private volatile bool _attention; // Set by connections' threads: flush all.
    private long _dueTicks = long.MaxValue;
    private long _parkedUntilTicks = long.MaxValue;
    private long _damagedSeen;

    /// <param name="alerts">The reading end of the alert ring.</param>
    /// <param name="sensors">Names and hashes of the sensors.</param>
    /// <param name="connections">The pool; each calls <see cref="RequestAttention"/> when its state changed.</param>
    /// <param name="options">Caps.</param>
    /// <param name="log">For the rate-limited lines about drops.</param>
    /// <param name="spool">Where alerts go that NATS does not take; null for nowhere.</param>
    public PublishWorker(
        RingReader alerts,
        SensorTable sensors,
        IReadOnlyList<IPublishConnection> connections,
        PublishingOptions options,
        ILogger log,
        SpoolPort? spool = null)
    {
        _alerts = alerts;
        _sensors = sensors;
        _options = options;
        _log = log;
        _shards = [.. connections.Select(static connection => new Shard(connection))];
        _writable = new int[_shards.Length];
        _patienceTicks = Clock.Ticks(options.PatienceWithSlowServer);
        _drop = Drop;
        _spool = spool;
        _replayAtTicks = _spoolProgressAtTicks = Stopwatch.GetTimestamp();
        var scratch = spool is null ? [] : GC.AllocateUninitializedArray<byte>(options.FrameBytesMax);
        for (var i = 0; i < _shards.Length && spool is not null; i++)
        {
            _shards[i].Spool = new ShardSpool(
                _shards[i], spool, i, scratch, options.UnconfirmedBytesMax / _shards.Length);
        }
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

    /// <summary>For connections' own threads: the next turn flushes everything. Then wake the role.</summary>
    public void RequestAttention() => _attention = true;

    /// <inheritdoc/>
    public int DoWork()
    {
        var now = Stopwatch.GetTimestamp();
        if (_attention)
        {
            _attention = false;
            MarkAll();
        }

        BeginTurn(now);
        var taken = TakeBatch(now);
        var progressed = _spool is null ? 0 : Replay(now);
        progressed += FlushShards(now);
        _spool?.Flush();
        Counters.CountTurn(taken);
        return taken + progressed;
    }

    /// <inheritdoc/>
    public ParkPlan PlanPark()
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
            until = Math.Min(until, Stopwatch.GetTimestamp() + _patienceTicks / 8);
        }

        // A turn run elsewhere that moves the due time forward from here on sees this and rings.
        Volatile.Write(ref _parkedUntilTicks, until);
        if (until == long.MaxValue)
        {
            return new ParkPlan(-1, _writable);
        }

        var nanoseconds = Clock.Nanoseconds(Stopwatch.GetTimestamp(), until);
        return new ParkPlan((int)Math.Clamp((nanoseconds + 999_999) / 1_000_000, 1, 1000), _writable);
    }

    /// <inheritdoc/>
    public void Woke()
    {
        Volatile.Write(ref _parkedUntilTicks, long.MaxValue);
        _attention = true; // Time may have run out, or a socket may take bytes again: the next turn looks at all.
    }

    /// <summary>At shutdown: everything still waiting is counted as dropped.</summary>
    public void AbandonWaiting()
    {
        var waiting = 0L;
        while (_alerts.TryRead(out _))
        {
            waiting++;
        }

        _alerts.Release();
        DropAtShutdown(waiting);
    }

    private void DropAtShutdown(long alerts)
    {
        if (alerts > 0)
        {
            Counters.CountDropped(AlertDropReason.Shutdown, alerts);
            PublishingLog.DroppedAtShutdown(_log, alerts);
        }
    }

    private void MarkAll()
    {
        foreach (var shard in _shards)
        {
            shard.NeedsFlush = true;
        }
    }

    private int TakeBatch(long now)
    {
        var alerts = 0;
        var bytes = 0;
        _stalled = false;
        while (alerts < _options.BatchAlertsMax && bytes < _options.BatchBytesMax && _alerts.TryRead(out var record))
        {
            var hash = _sensors[record.Tag.Sensor].Hash;
            var shard = _shards[hash % (uint)_shards.Length];
            if (shard.Spool is { IsSpooling: true } ? !TrySpool(shard.Spool, record, hash, now) : !TryAppend(shard, record, hash, now))
            {
                _alerts.PutBack();
                _stalled = true;
                break;
            }

            alerts++;
            bytes += record.Payload.Length;
        }

        if (alerts > 0)
        {
            _alerts.Release();
        }

        return alerts;
    }

    private void BeginTurn(long now)
    {
        if (_spool?.TakeRecovered() is > 0 and var recovered)
        {
            Counters.CountRecovered(recovered);
        }

        foreach (var shard in _shards)
        {
            shard.NoteStuck(now, _patienceTicks);
            shard.Spool?.Begin(Counters);
        }

        if (Counters.Dropped(AlertDropReason.SpoolDamaged) is var damaged && damaged != _damagedSeen)
        {
            _damagedSeen = damaged;
            PublishingLog.LostInSpool(_log, damaged);
        }
    }

    /// <summary>False when the alert must wait.</summary>
    private bool TryAppend(Shard shard, in RingRecord record, uint hash, long now)
    {
        var severity = AlertRecord.SeverityOf(record);
        if ((shard.IsStuck || shard.LastFlush == FlushResult.Down) && shard.Spool is not { CanStore: true }
            && shard.Connection.FreeShare < 1 - SpoolPort.ShareOf(severity))
        {
            Drop(AlertDropReason.UnconfirmedFull); // What is left of the memory is for graver ones.
            return true;
        }

        var result = shard.TryAppend(
            AlertRecord.Subject(record), AlertRecord.Json(record), record.Tag.ReceivedAtTicks, record.Tag.Extra);
        if (result == AppendResult.Appended)
        {
            shard.Spool?.NoteAppended(hash, severity);
            return true;
        }

        if (result == AppendResult.Full)
        {
            shard.NeedsFlush = true;
            shard.NoteFull(now);
            if (shard.Spool is { IsCopying: true } || shard.MakesProgress(now, _patienceTicks))
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

    private int FlushShards(long now)
    {
        var progressed = 0;
        var due = long.MaxValue;
        var blocked = false;
        foreach (var shard in _shards)
        {
            if (shard.NeedsFlush || shard.Connection.NextFlushDueTicks <= now)
            {
                progressed += shard.Flush(now, Counters) ? 1 : 0;
            }

            blocked |= shard.LastFlush == FlushResult.Blocked;
            due = Math.Min(due, shard.Connection.NextFlushDueTicks);
            if (shard.Spool is { } spool)
            {
                due = Math.Min(due, spool.CanReplay ? now + _replayPauseTicks : spool.DueTicks(now, _patienceTicks));
                due = spool.WaitsForConfirmation ? Math.Min(due, now + _tailTicks) : due;
            }
        }

        _blocked = blocked;
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
