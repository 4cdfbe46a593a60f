using System.Diagnostics;
using System.Numerics;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>What the publish role does with a spool, and at its end.</summary>
public sealed partial class PublishWorker
{
    private const double ReplayAbovePuts = 1.25; // The spool empties even while alerts go into it.

    private readonly long _replayPauseTicks = Stopwatch.Frequency / 1000;
    private long _damagedSeen;
    private long _hangs;
    private bool _isHangReported;
    private bool _wasHanging;
    private long _replayAtTicks;
    private double _replayBudget;

    /// <summary>At shutdown, when no thread runs the role any more: all that is not confirmed goes to the spool.</summary>
    /// <param name="store">Writes what was handed over; false when the disk does not take it.</param>
    /// <returns>Alerts stored: unconfirmed, and waiting.</returns>
    public long StoreAll(Func<bool> store) => StoreAll(store, Stopwatch.GetTimestamp());

    internal long StoreAll(Func<bool> store, long now)
    {
        BeginTurn(now);
        store(); // A disk that has failed is asked once more, or it would be taken for one that still fails.
        foreach (var shard in _shards)
        {
            while (shard.Spool is { } spool && !spool.TryCopy(int.MaxValue) && store())
            {
            }
        }

        var lost = 0L;
        while (_alerts.TryRead(out var record))
        {
            var hash = _sensors[record.Tag.Sensor].Hash;
            var spool = _map.For(ShardMap.SlotOf(hash)).Spool!;
            var severity = AlertRecord.SeverityOf(record);
            SpoolPutResult result;
            do
            {
                result = spool.TryPut(hash, severity, AlertRecord.Subject(record), AlertRecord.Json(record), Counters);
            }
            while (result == SpoolPutResult.Busy && store());

            lost += result == SpoolPutResult.Taken ? 0 : 1;
        }

        _alerts.Release();
        DropAtShutdown(lost);
        return store()
            ? Counters.Spooled + _shards.Sum(static shard => Math.Max(0, shard.Connection.KeptMessages - (shard.Spool?.RefusedKept ?? 0)))
            : 0;
    }

    /// <summary>At shutdown without a spool: everything still waiting is counted as dropped.</summary>
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

    /// <summary>False when the alert must wait.</summary>
    private bool TrySpool(ShardSpool spool, in RingRecord record, uint hash)
    {
        var result = spool.TryPut(
            hash, AlertRecord.SeverityOf(record), AlertRecord.Subject(record), AlertRecord.Json(record), Counters);
        switch (result)
        {
            case SpoolPutResult.Taken:
                _replayBudget += ReplayAbovePuts;
                return true;
            case SpoolPutResult.Busy:
                return false;
            default:
                Drop(_spool!.CanStore ? AlertDropReason.SpoolFull : AlertDropReason.SpoolFailed);
                return true;
        }
    }

    /// <summary>One line when the disk begins to hang, one when that is over; of later times only every doubling.</summary>
    private void ReportHang()
    {
        if (_spool is null || _spool.IsHanging == _wasHanging)
        {
            return;
        }

        _wasHanging = _spool.IsHanging;
        if (_wasHanging)
        {
            _isHangReported = BitOperations.IsPow2(++_hangs);
        }

        if (_isHangReported && _wasHanging)
        {
            PublishingLog.DiskHangs(_log, _options.PatienceWithSlowServer.TotalMilliseconds, _hangs);
        }
        else if (_isHangReported)
        {
            PublishingLog.DiskAnswers(_log, Counters.Dropped(AlertDropReason.SpoolFailed));
        }
    }

    private int Replay(long now)
    {
        var perSecond = _spool!.ReplayPerSecond;
        _replayBudget = Math.Min(
            _replayBudget + (double)(now - _replayAtTicks) / Stopwatch.Frequency * perSecond, perSecond / 10.0);
        _replayAtTicks = now;
        var gone = 0;
        foreach (var shard in _shards)
        {
            gone += shard.Spool?.Replay(ref _replayBudget, ref _room, Counters, _drop) ?? 0;
        }

        return gone;
    }

    private void ConnectSpool()
    {
        if (_spool is null)
        {
            return;
        }

        // Stored alerts find their connection by the same arithmetic as new ones: sensors must not move.
        if (_options.SensorsMove || _sizer.Active != _spool.Lanes)
        {
            throw new InvalidOperationException("with a spool every sensor stays on its connection");
        }

        var scratch = GC.AllocateUninitializedArray<byte>(_options.FrameBytesMax);
        for (var i = 0; i < _spool.Lanes; i++)
        {
            _shards[i].Spool = new ShardSpool(_shards[i], _spool, i, scratch, _options.UnconfirmedBytesMax);
        }
    }

    private void BeginTurn(long now)
    {
        _room = _options.UnconfirmedBytesMax - KeptBytes();
        _spool?.NoteProgress(now, _patienceTicks);
        ReportHang();
        if (_spool?.TakeRecovered() is > 0 and var recovered)
        {
            Counters.CountRecovered(recovered);
        }

        var freeShare = (double)_room / _options.UnconfirmedBytesMax;
        foreach (var shard in _shards)
        {
            shard.NoteStuck(now, _patienceTicks, freeShare);
            shard.Spool?.Begin(Counters);
        }

        if (Counters.Dropped(AlertDropReason.SpoolDamaged) is var damaged && damaged != _damagedSeen)
        {
            _damagedSeen = damaged;
            PublishingLog.LostInSpool(_log, damaged);
        }
    }

    private long DueTicks(ShardSpool spool, long now)
    {
        var due = spool.CanReplay ? now + _replayPauseTicks : spool.DueTicks(now, _patienceTicks);
        due = Math.Min(due, _spool!.DueTicks(_patienceTicks));
        return spool.WaitsForConfirmation ? Math.Min(due, now + _tailTicks) : due;
    }

    private void DropAtShutdown(long alerts)
    {
        if (alerts > 0)
        {
            Counters.CountDropped(AlertDropReason.Shutdown, alerts);
            PublishingLog.DroppedAtShutdown(_log, alerts);
        }
    }

    private long KeptBytes()
    {
        var kept = 0L;
        foreach (var shard in _shards)
        {
            kept += shard.Connection.KeptBytes;
        }

        return kept;
    }
}
