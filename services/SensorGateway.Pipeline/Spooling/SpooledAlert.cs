using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Spooling.Segments;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Spooling;

/// <summary>How an alert lies in the rings to and from the spool role: subject, then JSON.</summary>
internal static class SpooledAlert
{
    private const int SubjectShift = 8;
    private const int CopyBit = 0x80;
    private const int SeverityMask = 0x7F;

    public static void Write(in SlotLease lease, in SpoolHead head, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json)
    {
        lease.Tag.Sensor = (int)head.SensorHash;
        lease.Tag.ReceivedAtTicks = head.SavedAtMilliseconds;
        lease.Tag.Extra = (long)head.Sequence;
        lease.Tag.Kind = subject.Length << SubjectShift | (head.IsCopy ? CopyBit : 0) | (int)head.Severity;
        subject.CopyTo(lease.Payload);
        json.CopyTo(lease.Payload[subject.Length..]);
    }

    public static SpoolHead Head(in RingRecord record) => new(
        (ulong)record.Tag.Extra,
        (uint)record.Tag.Sensor,
        record.Tag.ReceivedAtTicks,
        (Severity)(record.Tag.Kind & SeverityMask),
        (record.Tag.Kind & CopyBit) != 0);

    public static ReadOnlySpan<byte> Subject(scoped in RingRecord record) => record.Payload[..(record.Tag.Kind >> SubjectShift)];

    public static ReadOnlySpan<byte> Json(scoped in RingRecord record) => record.Payload[(record.Tag.Kind >> SubjectShift)..];
}
