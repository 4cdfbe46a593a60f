using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Ring;

/// <summary>Filling end of a ring with one producer.</summary>
internal sealed class SingleProducerWriter(RingState state) : RingWriter
{
    private long _next;         // Claimed and filled up to here, not yet published.
    private long _consumedSeen; // Stale copy, never too large: we may look again, never overwrite.
    private long _records;
    private ThreadOwner _owner; // Debug builds assert here that a second thread never calls in.

    public override int PayloadBytesMax => state.PayloadBytesMax;

    public override bool IsAtMostHalfFull => state.UsedBytes <= state.CapacityBytes / 2;

    public override bool HasRoomFor(int payloadBytes)
    {
        // Twice the record: a skip before it is shorter than the record itself, or the ring is idle.
        var needed = 2 * RingState.StrideFor(payloadBytes);
        if (_next + needed - _consumedSeen > state.CapacityBytes)
        {
            _consumedSeen = state.Consumed.ReadAcquire();
        }

        return _next + needed - _consumedSeen <= state.CapacityBytes;
    }

    public override bool TryClaim(int payloadBytes, out SlotLease lease)
    {
        _owner.AssertCaller();
        var stride = state.CheckedStrideFor(payloadBytes);
        var idle = false;
        if (_next + stride - _consumedSeen > state.CapacityBytes || state.OffsetOf(_next) >= RingState.RewindBytes)
        {
            // Acquire, pairs with RingReader.Release: the reader's last look at the room came before our writes.
            _consumedSeen = state.Consumed.ReadAcquire();
            idle = _consumedSeen == _next;
        }

        var skip = state.SkipBefore(_next, stride, idle);
        if (_next + skip + stride - _consumedSeen > state.CapacityBytes)
        {
            _consumedSeen = state.Consumed.ReadAcquire();
            if (_next + skip + stride - _consumedSeen > state.CapacityBytes)
            {
                lease = default;
                return false;
            }
        }

        if (skip > 0)
        {
            state.WriteSkip(_next, skip);
            _next += skip;
        }

        lease = state.Lend(_next, payloadBytes, stride);
        return true;
    }

    public override void Commit(in SlotLease lease)
    {
        _owner.AssertCaller();
        _next = lease.Position + RingState.StrideFor(lease.Payload.Length);
        _records++;
    }

    public override void Publish()
    {
        _owner.AssertCaller();
        state.RecordsIn.WriteRelease(_records);

        // Release, pairs with SingleProducerReader.IsReady: every byte of the records is written before the count moves.
        state.Claimed.WriteRelease(_next);
        _owner.Release();
    }
}

/// <summary>Emptying end of a ring with one producer.</summary>
internal sealed class SingleProducerReader(RingState state, SpaceSignal space) : RingReader(state, space)
{
    private long _publishedSeen; // Stale copy, never too large.

    public override bool HasRecords => State.Claimed.ReadAcquire() != State.Consumed.ReadAcquire();

    private protected override bool IsReady(long position)
    {
        if (position != _publishedSeen)
        {
            return true;
        }

        // Acquire, pairs with SingleProducerWriter.Publish.
        _publishedSeen = State.Claimed.ReadAcquire();
        return position != _publishedSeen;
    }
}
