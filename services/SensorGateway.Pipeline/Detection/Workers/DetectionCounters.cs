using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Workers;

/// <summary>What one detection worker has decided. Written by the baton's holder, read by anybody.</summary>
public sealed class DetectionCounters
{
    private readonly long[] _alerted = new long[Enum.GetValues<Severity>().Length];
    private long _clean;

    /// <summary>From the payload's last byte to the start of detection.</summary>
    public LatencyHistogram IngestToDetect { get; } = new();

    /// <summary>Detection alone, alert encoding included.</summary>
    public LatencyHistogram Detect { get; } = new();

    /// <summary>Payloads that no rule matched.</summary>
    public long Clean => Volatile.Read(ref _clean);

    /// <summary>Payloads that became alerts of one severity.</summary>
    public long Alerted(Severity severity) => Volatile.Read(ref _alerted[(int)severity]);

    internal void CountClean() => _clean++;

    internal void CountAlerted(Severity severity) => _alerted[(int)severity]++;
}
