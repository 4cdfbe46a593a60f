using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Ring;

/// <summary>The emptying end of a ring. Owner: one thread at a time, the holder of the baton.</summary>
public abstract class RingReader
{
    private readonly SpaceSignal _space;
    private ThreadOwner _owner;
    private long _recordsRead;
    private long _lastRead;

    private protected RingReader(RingState state, SpaceSignal space)
    {
        State = state;
        _space = space;
    }

    /// <summary>True when a record waits. Any thread may ask; the answer may be old.</summary>
    public abstract bool HasRecords { get; }

    /// <summary>Records published or being filled, and not yet released. Any thread may ask.</summary>
    public long Depth => Math.Max(0, State.RecordsIn.ReadAcquire() - State.RecordsOut.ReadAcquire());

    /// <summary>Bytes taken, skips included. Any thread may ask.</summary>
    public long UsedBytes => State.UsedBytes;

    /// <summary>Size of the ring.</summary>
    public int CapacityBytes => State.CapacityBytes;

    internal RingState State { get; }

    private protected long Next { get; set; }

    /// <summary>Lends the oldest record not yet read. False when none waits.</summary>
    public bool TryRead(out RingRecord record)
    {
        _owner.AssertCaller();
        while (IsReady(Next))
        {
            ref var header = ref State.HeaderAt(Next);
            var position = Next;
            Next += header.StrideBytes;
            State.Prefetch(Next);
            if (header.PayloadBytes == RecordHeader.Skip)
            {
                continue;
            }

            _lastRead = position;
            _recordsRead++;
            record = new RingRecord(ref header.Tag, State.PayloadAt(position, header.PayloadBytes));
            return true;
        }

        _owner.Release();
        record = default;
        return false;
    }

    /// <summary>Steps back over the record read last: the next read lends it again. Once per record, before Release.</summary>
    public void PutBack()
    {
        _owner.AssertCaller();
        Next = _lastRead;
        _recordsRead--;
        _owner.Release(); // Often the last call of a turn; the next turn may run elsewhere.
    }

    /// <summary>Gives the room of all read records back to the writers.</summary>
    public void Release()
    {
        _owner.AssertCaller();

        // Release, pairs with the writers' acquire of Consumed: our last look at the records comes before their writes.
        State.Consumed.WriteRelease(Next);
        State.RecordsOut.WriteRelease(_recordsRead);
        _owner.Release();
        _space.Offer(State);
    }

    /// <summary>True when a filled record lies at this position.</summary>
    private protected abstract bool IsReady(long position);
}
