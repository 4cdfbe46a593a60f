using SensorGateway.Pipeline.Ring;

namespace SensorGateway.ConcurrencyTests.Ring.Twins;

/// <summary>What broken copies of the shared ring's writer have in common.</summary>
internal abstract class MultiTwinWriter(RingState state, CommitStamps stamps) : RingWriter
{
    public override int PayloadBytesMax => state.PayloadBytesMax;

    public override bool IsAtMostHalfFull => state.UsedBytes <= state.CapacityBytes / 2;

    protected RingState State => state;

    protected CommitStamps Stamps => stamps;

    public override bool HasRoomFor(int payloadBytes) =>
        state.UsedBytes + 2 * RingState.StrideFor(payloadBytes) <= state.CapacityBytes;

    public override bool TryClaim(int payloadBytes, out SlotLease lease)
    {
        var stride = RingState.StrideFor(payloadBytes);
        while (true)
        {
            var next = state.Claimed.ReadAcquire();
            var skip = state.SkipBefore(next, stride, idle: false);
            if (next + skip + stride - state.Consumed.ReadAcquire() > state.CapacityBytes)
            {
                lease = default;
                return false;
            }

            if (!TryAdvance(next, next + skip + stride))
            {
                continue;
            }

            if (skip > 0)
            {
                state.WriteSkip(next, skip);
                stamps.Commit(next);
            }

            lease = state.Lend(next + skip, payloadBytes, stride);
            OnLent(lease.Position);
            return true;
        }
    }

    public override void Commit(in SlotLease lease) => stamps.Commit(lease.Position);

    public override void Publish()
    {
    }

    protected virtual bool TryAdvance(long expected, long value) => state.Claimed.TryAdvance(expected, value);

    protected virtual void OnLent(long position)
    {
    }
}

/// <summary>Looks and then writes, so two producers may both get the same room.</summary>
internal sealed class ClaimsWithoutCas(RingState state, CommitStamps stamps) : MultiTwinWriter(state, stamps)
{
    protected override bool TryAdvance(long expected, long value)
    {
        if (State.Claimed.ReadAcquire() != expected)
        {
            return false;
        }

        Thread.SpinWait(3); // The gap is there without it; with it a busy machine meets it sooner.
        State.Claimed.WriteRelease(value);
        return true;
    }
}

/// <summary>Tells the reader of a record while it is still empty.</summary>
internal sealed class StampsBeforeFilling(RingState state, CommitStamps stamps) : MultiTwinWriter(state, stamps)
{
    protected override void OnLent(long position) => Stamps.Commit(position);
}
