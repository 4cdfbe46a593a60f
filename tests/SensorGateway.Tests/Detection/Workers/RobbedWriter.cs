using SensorGateway.Pipeline.Ring;

namespace SensorGateway.Tests.Detection.Workers;

/// <summary>An end of a shared ring whose room is taken by another worker between two of three looks and claims.</summary>
internal sealed class RobbedWriter(RingWriter inner) : RingWriter
{
    private int _claims;

    public override int PayloadBytesMax => inner.PayloadBytesMax;

    public override bool IsAtMostHalfFull => inner.IsAtMostHalfFull;

    public override bool HasRoomFor(int payloadBytes) => inner.HasRoomFor(payloadBytes);

    public override bool TryClaim(int payloadBytes, out SlotLease lease)
    {
        lease = default;
        return ++_claims % 3 == 0 && inner.TryClaim(payloadBytes, out lease);
    }

    public override void Commit(in SlotLease lease) => inner.Commit(lease);

    public override void Publish() => inner.Publish();
}
