using SensorGateway.Pipeline.Ring;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Alerts;

/// <summary>How an alert lies in the ring between detection and publishing: subject, then JSON.</summary>
internal static class AlertRecord
{
    private const int SeverityBits = 8;

    /// <summary>Fills a lease of <c>subject.Length + json.Length</c> bytes.</summary>
    public static void Write(
        in SlotLease lease,
        int sensor,
        long receivedAtTicks,
        long handedOverAtTicks,
        Severity severity,
        ReadOnlySpan<byte> subject,
        ReadOnlySpan<byte> json)
    {
        lease.Tag.Sensor = sensor;
        lease.Tag.ReceivedAtTicks = receivedAtTicks;
        lease.Tag.Extra = handedOverAtTicks;
        lease.Tag.Kind = subject.Length << SeverityBits | (int)severity;
        subject.CopyTo(lease.Payload);
        json.CopyTo(lease.Payload[subject.Length..]);
    }

    /// <summary>The subject in a record.</summary>
    public static ReadOnlySpan<byte> Subject(in RingRecord record) => record.Payload[..(record.Tag.Kind >> SeverityBits)];

    /// <summary>The JSON in a record.</summary>
    public static ReadOnlySpan<byte> Json(in RingRecord record) => record.Payload[(record.Tag.Kind >> SeverityBits)..];

    /// <summary>Nothing is graver.</summary>
    public static bool IsCritical(in RingRecord record) => SeverityOf(record) == Severity.Critical;

    /// <summary>The gravest severity in a record.</summary>
    public static Severity SeverityOf(in RingRecord record) => (Severity)(record.Tag.Kind & ((1 << SeverityBits) - 1));
}
