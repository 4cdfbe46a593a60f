using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Spooling.Segments;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Spooling;

/// <summary>What became of an alert offered to the spool.</summary>
public enum SpoolPutResult
{
    /// <summary>Handed over.</summary>
    Taken,

    /// <summary>The disk is behind: try again soon.</summary>
    Busy,

    /// <summary>No room for alerts of this severity.</summary>
    Refused,
}

/// <summary>The publish role's end of a spool. Owner: the holder of the publish baton; nothing here blocks.</summary>
public sealed class SpoolPort
{
    /// <summary>Sensors are dealt into so many slots by their hash, and slots to connections in turn.</summary>
    public const int Slots = 64;

    /// <summary>
    /// Share of the room that alerts of a severity may fill, info first: the rest is left to graver ones, so that a full
    /// spool never holds the less grave in place of the more grave.
    /// </summary>
    private static readonly double[] Shares = [0.70, 0.80, 0.90, 0.95, 1.0];

    private readonly SpoolOptions _options;
    private readonly SpoolCells _cells;
    private readonly EventRing _handOver;
    private readonly EventRing[] _replay;
    private readonly TimeProvider _clock;
    private readonly Action _wake;
    private readonly long[] _pending;
    private readonly long[] _lostSeen;
    private ulong _nextSequence;
    private long _putBytes; // As they will be on the disk, like TakenBytes; in the ring they take a little more.
    private long _takenSeen;
    private long _takenAtTicks;
    private long _answersSeen;
    private long _answeredAtTicks;
    private volatile bool _isHanging;
    private bool _hasPuts;
    private bool _hasTaken;
    private bool _isRecoveryTaken;

    internal SpoolPort(
        SpoolOptions options, SpoolCells cells, EventRing handOver, EventRing[] replay, ulong firstSequence,
        TimeProvider clock, Action wake)
    {
        _options = options;
        _cells = cells;
        _handOver = handOver;
        _replay = replay;
        _nextSequence = firstSequence;
        _clock = clock;
        _wake = wake;
        _pending = new long[replay.Length];
        _lostSeen = new long[replay.Length];
    }

    /// <summary>Connections that alerts come back to.</summary>
    public int Lanes => _replay.Length;

    /// <summary>What an earlier start left is still being counted; until then it may be anybody's.</summary>
    public bool IsRecovering => !_isRecoveryTaken && !_cells.IsFailing;

    /// <summary>The disk takes nothing.</summary>
    public bool IsFailing => _cells.IsFailing;

    /// <summary>A call to the disk has not returned for the patience given. Any thread may ask.</summary>
    public bool IsHanging => _isHanging;

    /// <summary>
    /// New alerts find their way to the disk, as far as is known. Not so while it fails, and while it has taken nothing for
    /// the patience given: what does not fit into the memory before it is then refused at once.
    /// </summary>
    public bool CanStore => !_cells.IsFailing && !TakesNothing;

    private bool TakesNothing { get; set; }

    private long UnderWayBytes => _putBytes - _cells.TakenBytes.ReadAcquire();

    /// <summary>Alerts a second that come back out, besides a quarter more than go in.</summary>
    public int ReplayPerSecond => _options.ReplayPerSecond;

    /// <summary>Alerts of one connection that are stored and not yet given to it.</summary>
    public long Pending(int lane) => _pending[lane];

    /// <summary>The share of any room that alerts of this severity may fill.</summary>
    public static double ShareOf(Severity severity) => Shares[(int)severity];

    /// <summary>At the start of a turn: finds out whether the disk takes alerts and answers.</summary>
    public void NoteProgress(long nowTicks, long patienceTicks)
    {
        var (taken, answers) = (_cells.TakenBytes.ReadAcquire(), _cells.Answers.ReadAcquire());
        if (taken != _takenSeen || taken == _putBytes)
        {
            (_takenSeen, _takenAtTicks) = (taken, nowTicks);
        }

        if (answers != _answersSeen || !IsInTurn(answers))
        {
            (_answersSeen, _answeredAtTicks) = (answers, nowTicks);

            // A disk that is busy with what an earlier start left takes new alerts when it is through: they wait.
            _takenAtTicks = IsRecovering ? nowTicks : _takenAtTicks;
        }

        TakesNothing = nowTicks - _takenAtTicks >= patienceTicks;
        _isHanging = nowTicks - _answeredAtTicks >= patienceTicks;
    }

    /// <summary>Stopwatch ticks at which it must be asked again whether the disk answers; MaxValue for never.</summary>
    public long DueTicks(long patienceTicks) => Math.Min(
        UnderWayBytes > 0 && !TakesNothing ? _takenAtTicks + patienceTicks : long.MaxValue,
        IsInTurn(_cells.Answers.ReadAcquire()) && !_isHanging ? _answeredAtTicks + patienceTicks : long.MaxValue);

    private static bool IsInTurn(long answers) => (answers & 1) != 0;

    /// <summary>Once, when everything left by an earlier start is counted: how many alerts that is.</summary>
    public long TakeRecovered()
    {
        if (_isRecoveryTaken || !_cells.IsRecovered)
        {
            return 0;
        }

        _isRecoveryTaken = true;
        var all = 0L;
        for (var lane = 0; lane < _pending.Length; lane++)
        {
            _pending[lane] += _cells[lane].Recovered;
            all += _cells[lane].Recovered;
        }

        return all;
    }

    /// <summary>How many stored alerts of a connection turned out to be unreadable since the last call.</summary>
    public long TakeLost(int lane)
    {
        var lost = _cells[lane].Lost.ReadAcquire();
        var fresh = lost - _lostSeen[lane];
        _lostSeen[lane] = lost;
        _pending[lane] -= fresh;
        return fresh;
    }

    /// <summary>Stores an alert.</summary>
    /// <param name="lane">The connection it will come back to.</param>
    /// <param name="sensorHash">Decides the connection at the next start.</param>
    /// <param name="severity">The graver, the more of the room it may use.</param>
    /// <param name="subject">Where to.</param>
    /// <param name="json">The message, its id in it.</param>
    /// <param name="isCopy">The connection keeps it as well: it comes back only at the next start.</param>
    /// <param name="sequence">Its place in the spool, for <see cref="Confirm"/>.</param>
    public SpoolPutResult TryPut(
        int lane, uint sensorHash, Severity severity, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json, bool isCopy,
        out ulong sequence)
    {
        sequence = _nextSequence;
        var body = subject.Length + json.Length;
        if (body > SpoolRecord.BodyBytesMax || subject.Length > ushort.MaxValue)
        {
            return SpoolPutResult.Refused;
        }

        var share = Shares[(int)severity];
        var underWay = UnderWayBytes;
        var used = _cells.UsedBytes.ReadAcquire() + underWay;
        var bytes = SpoolRecord.Bytes(body);
        if (used + bytes > share * _options.BytesMax)
        {
            return SpoolPutResult.Refused;
        }

        var writer = _handOver.Writers[0];
        _hasPuts = true; // Even if nothing goes in: Flush gives the writing end free for the next holder.
        if (underWay + bytes > share * _handOver.Reader.CapacityBytes || !writer.TryClaim(body, out var lease))
        {
            return CanStore ? SpoolPutResult.Busy : SpoolPutResult.Refused;
        }

        var head = new SpoolHead(
            sequence, sensorHash, _clock.GetUtcNow().ToUnixTimeMilliseconds(), severity, isCopy);
        SpooledAlert.Write(lease, head, subject, json);
        writer.Commit(lease);
        _nextSequence++;
        _putBytes += bytes;
        _pending[lane] += isCopy ? 0 : 1;
        return SpoolPutResult.Taken;
    }

    /// <summary>Passes on what was put and freed; at the end of a turn.</summary>
    public void Flush()
    {
        if (_hasPuts)
        {
            _handOver.Writers[0].Publish();
        }

        if (_hasPuts || _hasTaken)
        {
            (_hasPuts, _hasTaken) = (false, false);
            _wake();
        }
    }

    /// <summary>True when an alert of this connection has come back. Any thread may ask.</summary>
    public bool HasReplay(int lane) => _replay[lane].Reader.HasRecords;

    /// <summary>Lends the next alert that comes back to a connection.</summary>
    public bool TryRead(int lane, out SpooledAlertView alert)
    {
        if (_replay[lane].Reader.TryRead(out var record))
        {
            alert = new SpooledAlertView(
                (ulong)record.Tag.Extra, SpooledAlert.Subject(record), SpooledAlert.Json(record));
            return true;
        }

        alert = default;
        return false;
    }

    /// <summary>The alert lent last is wanted again later.</summary>
    public void PutBack(int lane) => _replay[lane].Reader.PutBack();

    /// <summary>So many of the alerts lent were given to the connection, or up.</summary>
    public void Release(int lane, int alerts)
    {
        _replay[lane].Reader.Release();
        _pending[lane] -= alerts;
        _hasTaken |= alerts > 0;
    }

    /// <summary>Everything of this connection up to a place in the spool is delivered or given up.</summary>
    public void Confirm(int lane, ulong sequence) => _cells[lane].Confirmed.WriteRelease((long)sequence);
}

/// <summary>An alert that has come back from the spool; valid until the next call.</summary>
/// <param name="sequence">Its place in the spool.</param>
/// <param name="subject">Where to.</param>
/// <param name="json">The message.</param>
public readonly ref struct SpooledAlertView(ulong sequence, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json)
{
    /// <summary>Its place in the spool.</summary>
    public ulong Sequence { get; } = sequence;

    /// <summary>Where to.</summary>
    public ReadOnlySpan<byte> Subject { get; } = subject;

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Json { get; } = json;
}
