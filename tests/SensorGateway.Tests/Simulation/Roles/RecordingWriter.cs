using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Simulation.Watching;

namespace SensorGateway.Tests.Simulation.Roles;

/// <summary>One detection worker's end of the alert ring; writes down what goes into it.</summary>
internal sealed class RecordingWriter(RingWriter inner, SensorTable sensors, Ledger ledger) : RingWriter
{
    private const int SeverityBits = 8;

    public override int PayloadBytesMax => inner.PayloadBytesMax;

    public override bool IsAtMostHalfFull => inner.IsAtMostHalfFull;

    public override bool HasRoomFor(int payloadBytes) => inner.HasRoomFor(payloadBytes);

    public override bool TryClaim(int payloadBytes, out SlotLease lease) => inner.TryClaim(payloadBytes, out lease);

    public override void Commit(in SlotLease lease)
    {
        var subject = lease.Tag.Kind >> SeverityBits;
        ledger.NoteMade(
            sensors[lease.Tag.Sensor].Id, (Severity)(lease.Tag.Kind & ((1 << SeverityBits) - 1)),
            lease.Payload[..subject], lease.Payload[subject..]);
        inner.Commit(lease);
    }

    public override void Publish() => inner.Publish();
}
