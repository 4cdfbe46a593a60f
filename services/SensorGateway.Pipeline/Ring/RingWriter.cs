namespace SensorGateway.Pipeline.Ring;

/// <summary>The filling end of a ring. Owner: one thread at a time.</summary>
public abstract class RingWriter
{
    /// <summary>Largest payload a record can hold.</summary>
    public abstract int PayloadBytesMax { get; }

    /// <summary>True when a blocked producer should go on; below that a wake-up buys too little room.</summary>
    public abstract bool IsAtMostHalfFull { get; }

    /// <summary>True when a record of this size would find room now. Only the owner may rely on it.</summary>
    public abstract bool HasRoomFor(int payloadBytes);

    /// <summary>Lends room for a payload of exactly this size. False when the ring is full.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Longer than <see cref="PayloadBytesMax"/>: it would never fit.</exception>
    public abstract bool TryClaim(int payloadBytes, out SlotLease lease);

    /// <summary>Marks the claimed record as filled. From here on the writer must not touch it.</summary>
    public abstract void Commit(in SlotLease lease);

    /// <summary>Passes all committed records to the reader.</summary>
    public abstract void Publish();
}
