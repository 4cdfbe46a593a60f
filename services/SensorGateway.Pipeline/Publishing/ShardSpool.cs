using System.Numerics;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>One connection's way into and out of the spool. Owner: holder of the publish baton.</summary>
/// <remarks>
/// Alerts go to the connection's memory while it moves. When it is stuck, what its memory holds is copied to the spool
/// first, so that a killed gateway loses none of it, and from then on new alerts go to the spool alone, until it has
/// emptied: so each sensor's alerts stay in order.
/// </remarks>
internal sealed class ShardSpool
{
    private const int CopiesPerTurn = 128;
    private const int ReplaysPerTurn = 256;
    private const int MarksMax = 4096; // A power of two.
    private const int BytesOfSmallAlerts = 128;

    private readonly Shard _shard;
    private readonly SpoolPort _port;
    private readonly int _lane;
    private readonly byte[] _scratch;
    private readonly Origin[] _origins;
    private readonly Mark[] _marks = new Mark[MarksMax];
    private Mode _mode;
    private bool _isDemanded; // The memory ran full before the patience was over.
    private long _storedTo; // Messages of the connection below it are settled or stored.
    private ulong _copiedEarly; // The last copy that was made before older alerts have come back.
    private long _refused;   // Copies that found no room, and the last of them.
    private long _refusedTo;
    private long _firstMark;
    private long _nextMark;

    /// <param name="shard">The connection.</param>
    /// <param name="port">The spool.</param>
    /// <param name="lane">The connection's number.</param>
    /// <param name="scratch">Room for a message, shared by all connections.</param>
    /// <param name="memoryBytes">What the connection keeps at most.</param>
    public ShardSpool(Shard shard, SpoolPort port, int lane, byte[] scratch, long memoryBytes)
    {
        _shard = shard;
        _port = port;
        _lane = lane;
        _scratch = scratch;
        _origins = new Origin[BitOperations.RoundUpToPowerOf2((uint)Math.Max(memoryBytes / BytesOfSmallAlerts, 1024))];
    }

    private enum Mode
    {
        /// <summary>New alerts go to the connection.</summary>
        Direct,

        /// <summary>So they do, while those before them are being copied to the spool.</summary>
        Copying,

        /// <summary>New alerts go to the spool.</summary>
        Spooling,
    }

    /// <summary>New alerts must be stored.</summary>
    public bool IsSpooling => _mode == Mode.Spooling;

    /// <summary>New alerts will soon be stored: when the connection is full, they wait for that.</summary>
    public bool IsCopying => _mode == Mode.Copying;

    /// <summary>The disk works, as far as is known.</summary>
    public bool CanStore => _port.CanStore;

    /// <summary>Something has come back and can go on.</summary>
    public bool CanReplay => IsSpooling && _shard.LastFlush != FlushResult.Down && _port.HasReplay(_lane);

    /// <summary>Stored alerts are on their way: their files go once they are confirmed.</summary>
    public bool WaitsForConfirmation => _firstMark < _nextMark && _shard.LastFlush != FlushResult.Down;

    /// <summary>Messages that the connection keeps and the spool had no room for: at most so many.</summary>
    public long RefusedKept => _shard.DoneInOrder > _refusedTo ? 0 : _refused;

    /// <summary>Stopwatch ticks at which the next look is due although nothing happens.</summary>
    public long DueTicks(long nowTicks, long patienceTicks) => _mode switch
    {
        Mode.Copying => nowTicks,
        Mode.Direct when _isDemanded => nowTicks,
        Mode.Direct when CanStore => _shard.StuckAtTicks(patienceTicks),
        _ => long.MaxValue,
    };

    /// <summary>At the start of a turn: what was confirmed, what must change.</summary>
    public void Begin(PublishCounters counters)
    {
        ConfirmDone();
        _shard.NeedsFlush |= WaitsForConfirmation;
        if (_port.TakeLost(_lane) is > 0 and var lost)
        {
            counters.CountUnspooled(lost);
            counters.CountDropped(AlertDropReason.SpoolDamaged, lost);
        }

        var pending = _port.Pending(_lane) > 0 || _port.IsRecovering;
        var wanted = pending || ((_shard.IsStuck || _isDemanded) && CanStore);
        _isDemanded = false;
        if (_mode == Mode.Direct && wanted)
        {
            _mode = Mode.Copying;
        }

        if (_mode == Mode.Copying)
        {
            _mode = !wanted ? Mode.Direct : TryCopy(CopiesPerTurn) ? Mode.Spooling : Mode.Copying;
            _isDemanded = wanted && _mode == Mode.Copying; // Once begun it is brought to its end.
        }
        else if (_mode == Mode.Spooling && !wanted)
        {
            _mode = Mode.Direct;
        }
    }

    /// <summary>The connection's memory is full and does not empty: new alerts are stored from the next turn on.</summary>
    public void Demand() => _isDemanded = true;

    /// <summary>Notes where the message that the connection took last came from.</summary>
    public void NoteAppended(uint sensorHash, Severity severity) =>
        _origins[(_shard.Appended - 1) & (_origins.Length - 1)] = new Origin(sensorHash, severity);

    /// <summary>Stores a new alert.</summary>
    public SpoolPutResult TryPut(
        uint sensorHash, Severity severity, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json, PublishCounters counters)
    {
        var result = _port.TryPut(_lane, sensorHash, severity, subject, json, isCopy: false, out _);
        if (result == SpoolPutResult.Taken)
        {
            counters.CountSpooled();
        }

        return result;
    }

    /// <summary>Gives the connection what has come back.</summary>
    /// <param name="budget">Alerts that may be given now; lowered.</param>
    /// <param name="room">Bytes that all connections together may still keep; lowered.</param>
    /// <param name="counters">For those that can never be sent.</param>
    /// <param name="log">Told about those.</param>
    /// <returns>Alerts that left the spool.</returns>
    public int Replay(ref double budget, ref long room, PublishCounters counters, Action<AppendResult> log)
    {
        if (!IsSpooling || _shard.LastFlush == FlushResult.Down)
        {
            return 0;
        }

        var gone = 0;
        while (gone < ReplaysPerTurn && budget >= 1 && _port.TryRead(_lane, out var alert))
        {
            var bytes = alert.Subject.Length + alert.Json.Length;
            var result = room < bytes
                ? AppendResult.Full
                : _shard.TryAppend(alert.Subject, alert.Json, Shard.Untimed, Shard.Untimed);
            if (result == AppendResult.Full)
            {
                _port.PutBack(_lane);
                _shard.NeedsFlush = true;
                break;
            }

            gone++;
            budget--;
            room -= result == AppendResult.Appended ? bytes : 0;
            AddMark(alert.Sequence);
            _storedTo = _shard.Appended;
            if (result != AppendResult.Appended)
            {
                log(result);
            }
        }

        if (gone > 0)
        {
            _port.Release(_lane, gone);
            counters.CountUnspooled(gone);
        }

        return gone;
    }

    /// <summary>Copies what the connection keeps and the spool does not have yet.</summary>
    /// <param name="messagesMax">At most so many.</param>
    /// <returns>True when nothing is left to copy.</returns>
    public bool TryCopy(int messagesMax)
    {
        var done = _shard.DoneInOrder;
        for (_storedTo = Math.Max(_storedTo, done); _storedTo < _shard.Appended; _storedTo++)
        {
            if (messagesMax-- == 0)
            {
                return false;
            }

            if (!_shard.Connection.TryCopyKept(_storedTo - done, _scratch, out var subject, out var payload))
            {
                continue;
            }

            // Overwritten only by a memory full of the very smallest alerts; the lane is then as good a guess as any.
            var isKnown = _shard.Appended - _storedTo <= _origins.Length;
            var origin = isKnown ? _origins[_storedTo & (_origins.Length - 1)] : new Origin((uint)_lane, Severity.Critical);
            var result = _port.TryPut(
                _lane, origin.SensorHash, origin.Severity, _scratch.AsSpan(subject), _scratch.AsSpan(payload), isCopy: true,
                out var sequence);
            if (result == SpoolPutResult.Busy)
            {
                return false;
            }

            if (result == SpoolPutResult.Refused)
            {
                (_refused, _refusedTo) = (RefusedKept + 1, _storedTo);
            }
            else
            {
                // To confirm it would confirm all that lies before it, which nobody may have read yet.
                var isEarly = _port.Pending(_lane) > 0 || _port.IsRecovering;
                _copiedEarly = isEarly ? sequence : _copiedEarly;
                AddMark(isEarly ? 0 : sequence, _storedTo);
            }
        }

        return true;
    }

    private void AddMark(ulong sequence) => AddMark(sequence, _shard.Appended - 1);

    /// <summary>Remembers at which message of the connection a record is done with.</summary>
    private void AddMark(ulong sequence, long message)
    {
        if (_nextMark - _firstMark == MarksMax)
        {
            _nextMark--; // The newest takes the place of the one before: records are done with a little later.
        }

        _marks[_nextMark++ & (MarksMax - 1)] = new Mark(message, sequence);
    }

    private void ConfirmDone()
    {
        if (_firstMark == _nextMark)
        {
            return;
        }

        var done = _shard.Connection.SettledThrough;
        var confirmed = 0UL;
        while (_firstMark < _nextMark && _marks[_firstMark & (MarksMax - 1)].Message < done)
        {
            confirmed = Math.Max(confirmed, _marks[_firstMark++ & (MarksMax - 1)].Sequence);
        }

        if (_copiedEarly > 0 && _firstMark == _nextMark && _port.Pending(_lane) == 0)
        {
            (confirmed, _copiedEarly) = (Math.Max(confirmed, _copiedEarly), 0);
        }

        if (confirmed > 0)
        {
            _port.Confirm(_lane, confirmed);
        }
    }

    private readonly record struct Mark(long Message, ulong Sequence);

    private readonly record struct Origin(uint SensorHash, Severity Severity);
}
