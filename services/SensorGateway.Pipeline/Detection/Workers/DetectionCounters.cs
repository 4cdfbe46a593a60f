using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Workers;

/// <summary>What one detection worker has decided. Written by the baton's holder, read by anybody.</summary>
public sealed class DetectionCounters
{
    private readonly long[] _alerted = new long[Enum.GetValues<Severity>().Length];
    private long _clean;
    private long _suppressed;
    private long _summaries;
    private long _suppressedPairsEvicted;
    private int _suppressedPairs;

    /// <summary>From the payload's last byte to the start of detection.</summary>
    public LatencyHistogram IngestToDetect { get; } = new();

    /// <summary>Detection alone, alert encoding included.</summary>
    public LatencyHistogram Detect { get; } = new();

    /// <summary>Payloads that no rule matched.</summary>
    public long Clean => Volatile.Read(ref _clean);

    /// <summary>Payloads that became alerts of one severity, or would have without suppression.</summary>
    public long Alerted(Severity severity) => Volatile.Read(ref _alerted[(int)severity]);

    /// <summary>Alerts that were not sent because all their rules were held back.</summary>
    public long Suppressed => Volatile.Read(ref _suppressed);

    /// <summary>Summaries of what was held back.</summary>
    public long Summaries => Volatile.Read(ref _summaries);

    /// <summary>Pairs of rule and sensor whose window is open (gauge).</summary>
    public int SuppressedPairs => Volatile.Read(ref _suppressedPairs);

    /// <summary>Windows that closed early to make room for another pair.</summary>
    public long SuppressedPairsEvicted => Volatile.Read(ref _suppressedPairsEvicted);

    internal void CountClean() => _clean++;

    internal void CountSuppressed() => _suppressed++;

    internal void CountSummary() => _summaries++;

    internal void SetSuppressedPairs(int open, long evicted)
    {
        _suppressedPairs = open;
        _suppressedPairsEvicted = evicted;
    }

    internal void CountAlerted(Severity severity) => _alerted[(int)severity]++;
}
