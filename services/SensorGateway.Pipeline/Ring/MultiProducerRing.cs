using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Ring;

/// <summary>One stamp per record-sized step of the memory: equals position + 1 when the record there is filled.</summary>
/// <remarks>
/// The stamps lie apart from the records, because a stamp inside the memory could be forged by the payload bytes of an
/// earlier lap. A stamp of an earlier lap is always smaller than the awaited one.
/// </remarks>
internal sealed class CommitStamps(RingState state)
{
    private readonly long[] _stamps = new long[state.CapacityBytes / RecordHeader.Bytes];

    /// <summary>Release, pairs with <see cref="IsCommitted"/>: every byte of the record is written before its stamp.</summary>
    public void Commit(long position) =>
        Volatile.Write(ref _stamps[state.OffsetOf(position) / RecordHeader.Bytes], position + 1);

    /// <summary>Acquire, pairs with <see cref="Commit"/>.</summary>
    public bool IsCommitted(long position) =>
        Volatile.Read(ref _stamps[state.OffsetOf(position) / RecordHeader.Bytes]) == position + 1;
}

/// <summary>Filling end of a ring that several producers share; each producer has its own writer.</summary>
internal sealed class MultiProducerWriter(RingState state, CommitStamps stamps) : RingWriter
{
    private long _consumedSeen; // Stale copy, never too large.
    private ThreadOwner _owner;

    public override int PayloadBytesMax => state.PayloadBytesMax;

    public override bool IsAtMostHalfFull => state.UsedBytes <= state.CapacityBytes / 2;

    /// <remarks>Another producer may take the room first; then TryClaim says so.</remarks>
    public override bool HasRoomFor(int payloadBytes) =>
        state.UsedBytes + 2 * RingState.StrideFor(payloadBytes) <= state.CapacityBytes;

    public override bool TryClaim(int payloadBytes, out SlotLease lease)
    {
        _owner.AssertCaller();
        var stride = state.CheckedStrideFor(payloadBytes);
        while (true)
        {
            // Acquire, pairs with the CAS of the producer that claimed last.
            var next = state.Claimed.ReadAcquire();
            var idle = false;
            if (next + stride - _consumedSeen > state.CapacityBytes || state.OffsetOf(next) >= RingState.RewindBytes)
            {
                // Acquire, pairs with RingReader.Release.
                _consumedSeen = state.Consumed.ReadAcquire();
                idle = _consumedSeen == next;
            }

            var skip = state.SkipBefore(next, stride, idle);
            if (next + skip + stride - _consumedSeen > state.CapacityBytes)
            {
                _consumedSeen = state.Consumed.ReadAcquire();
                if (next + skip + stride - _consumedSeen > state.CapacityBytes)
                {
                    lease = default;
                    return false;
                }
            }

            // The CAS makes the room ours alone; on failure another producer was faster and we look again.
            if (!state.Claimed.TryAdvance(next, next + skip + stride))
            {
                continue;
            }

            if (skip > 0)
            {
                state.WriteSkip(next, skip);
                stamps.Commit(next);
            }

            lease = state.Lend(next + skip, payloadBytes, stride);
            return true;
        }
    }

    public override void Commit(in SlotLease lease)
    {
        _owner.AssertCaller();
        stamps.Commit(lease.Position);
        state.RecordsIn.Increment();
    }

    /// <summary>Nothing to pass on: each record has its own stamp. The next caller may be another thread.</summary>
    public override void Publish() => _owner.Release();
}

/// <summary>Emptying end of a ring with several producers.</summary>
internal sealed class MultiProducerReader(RingState state, CommitStamps stamps, SpaceSignal space)
    : RingReader(state, space)
{
    public override bool HasRecords => stamps.IsCommitted(State.Consumed.ReadAcquire());

    private protected override bool IsReady(long position) => stamps.IsCommitted(position);
}
