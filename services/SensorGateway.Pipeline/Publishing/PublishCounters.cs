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
}

/// <summary>What the publish role has done. Written by the baton's holder, read by anybody.</summary>
public sealed class PublishCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<AlertDropReason>().Length];
    private long _batches;
    private long _batchedAlerts;
    private long _turns;

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

    /// <summary>Alerts dropped for one reason.</summary>
    public long Dropped(AlertDropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    /// <summary>Alerts dropped for any reason.</summary>
    public long DroppedTotal => _dropped.Sum();

    internal void CountDropped(AlertDropReason reason, long alerts = 1) => _dropped[(int)reason] += alerts;

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
