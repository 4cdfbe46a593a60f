using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>Why an alert was given up.</summary>
public enum AlertDropReason
{
    /// <summary>No room for unconfirmed alerts: NATS is away or far too slow.</summary>
    UnconfirmedFull,

    /// <summary>Longer than the server's max_payload even without its payload.</summary>
    TooLarge,

    /// <summary>The subject cannot be published to.</summary>
    BadSubject,

    /// <summary>The stream will never take it: above its limits, or not the stream that is expected.</summary>
    StreamRejected,

    /// <summary>The server does not let this user publish to the subject.</summary>
    SubjectForbidden,

    /// <summary>Not confirmed when the drain time at shutdown was over.</summary>
    Shutdown,

    /// <summary>No room in the spool for alerts of this severity.</summary>
    SpoolFull,

    /// <summary>The disk of the spool takes nothing, and the memory before it is full.</summary>
    SpoolFailed,

    /// <summary>Stored, and not readable any more.</summary>
    SpoolDamaged,
}

/// <summary>What the publish role has done. Written by the baton's holder, read by anybody.</summary>
public sealed class PublishCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<AlertDropReason>().Length];
    private long _batches;
    private long _batchedAlerts;
    private long _turns;
    private long _spooled;
    private long _spooledEver;
    private long _recovered;

    /// <summary>From the arrival of the payload's last byte until send() returned.</summary>
    public LatencyHistogram IngestToSent { get; } = new();

    /// <summary>From hand-over to publishing until send() returned.</summary>
    public LatencyHistogram HandoverToSent { get; } = new();

    /// <summary>Batches flushed.</summary>
    public long Batches => Volatile.Read(ref _batches);

    /// <summary>Alerts in them.</summary>
    public long BatchedAlerts => Volatile.Read(ref _batchedAlerts);

    /// <summary>Turns of the duty cycle.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Alerts stored on disk and not given to a connection yet (gauge).</summary>
    public long Spooled => Volatile.Read(ref _spooled);

    /// <summary>Alerts that went into the spool, ever.</summary>
    public long SpooledEver => Volatile.Read(ref _spooledEver);

    /// <summary>Alerts that an earlier start left in the spool.</summary>
    public long SpoolRecovered => Volatile.Read(ref _recovered);

    /// <summary>Alerts dropped for one reason.</summary>
    public long Dropped(AlertDropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    /// <summary>Alerts dropped for any reason.</summary>
    public long DroppedTotal => _dropped.Sum();

    internal void CountDropped(AlertDropReason reason, long alerts = 1) => _dropped[(int)reason] += alerts;

    internal void CountSpooled()
    {
        _spooledEver++;
        Volatile.Write(ref _spooled, _spooled + 1);
    }

    internal void CountUnspooled(long alerts) => Volatile.Write(ref _spooled, _spooled - alerts);

    internal void CountRecovered(long alerts)
    {
        Volatile.Write(ref _recovered, _recovered + alerts);
        Volatile.Write(ref _spooled, _spooled + alerts);
    }

    internal void CountTurn(int alerts)
    {
        _turns++;
        if (alerts > 0)
        {
            _batches++;
            _batchedAlerts += alerts;
        }
    }
}
