using SensorGateway.Pipeline.Ring;

namespace SensorGateway.ConcurrencyTests.Ring.Twins;

/// <summary>What broken copies of the single producer's writer have in common: all of it, but for the flaw.</summary>
internal abstract class TwinWriter(RingState state) : RingWriter
{
    protected long Next { get; set; }

    public override int PayloadBytesMax => state.PayloadBytesMax;

    public override bool IsAtMostHalfFull => state.UsedBytes <= state.CapacityBytes / 2;

    public override bool HasRoomFor(int payloadBytes) =>
        state.UsedBytes + 2 * RingState.StrideFor(payloadBytes) <= state.CapacityBytes;

    public override bool TryClaim(int payloadBytes, out SlotLease lease)
    {
        var stride = RingState.StrideFor(payloadBytes);
        var skip = state.SkipBefore(Next, stride, idle: false);
        if (!Fits(Next + skip + stride - state.Consumed.ReadAcquire()))
        {
            lease = default;
            return false;
        }

        if (skip > 0)
        {
            WriteSkip(Next, skip);
            Next += skip;
        }

        lease = state.Lend(Next, payloadBytes, stride);
        OnLent(Next + stride);
        return true;
    }

    public override void Commit(in SlotLease lease) => Next = lease.Position + RingState.StrideFor(lease.Payload.Length);

    public override void Publish() => state.Claimed.WriteRelease(Next);

    protected virtual bool Fits(long bytesUsedThen) => bytesUsedThen <= state.CapacityBytes;

    protected virtual void WriteSkip(long position, int bytes) => state.WriteSkip(position, bytes);

    protected virtual void OnLent(long end)
    {
    }
}

/// <summary>Moves the count while the record is still empty.</summary>
internal sealed class PublishesBeforeFilling(RingState state) : TwinWriter(state)
{
    private readonly RingState _state = state;

    protected override void OnLent(long end) => _state.Claimed.WriteRelease(end);
}

/// <summary>Takes one header's worth more than there is.</summary>
internal sealed class CountsOneStepTooMany(RingState state) : TwinWriter(state)
{
    private readonly RingState _state = state;

    protected override bool Fits(long bytesUsedThen) => bytesUsedThen <= _state.CapacityBytes + RecordHeader.Bytes;
}

/// <summary>Leaves the end of a lap without telling the reader.</summary>
internal sealed class ForgetsTheSkip(RingState state) : TwinWriter(state)
{
    private readonly RingState _state = state;

    protected override void WriteSkip(long position, int bytes)
    {
        // The header of an earlier lap stays, as long as it cannot lead the reader round in circles.
        ref var header = ref _state.HeaderAt(position);
        header.StrideBytes = Math.Max(header.StrideBytes, RecordHeader.Bytes);
        header.PayloadBytes = Math.Max(header.PayloadBytes, 0);
    }
}
