namespace SensorGateway.Pipeline.Ring;

/// <summary>A bounded, preallocated, lock-free queue of byte records: several writers or one, one reader.</summary>
/// <remarks>
/// One circular area of bytes instead of fixed slots: a 100-byte payload takes 160 bytes of cache, a 64 KiB one needs no
/// second place to live, and an idle ring goes back to its first, still cached bytes.
/// </remarks>
public sealed class EventRing
{
    private EventRing(RingWriter[] writers, RingReader reader, SpaceSignal space)
    {
        Writers = writers;
        Reader = reader;
        Space = space;
    }

    /// <summary>One end per producer.</summary>
    public IReadOnlyList<RingWriter> Writers { get; }

    /// <summary>The consumer's end.</summary>
    public RingReader Reader { get; }

    /// <summary>Wakes writers that wait for room.</summary>
    public SpaceSignal Space { get; }

    /// <param name="capacityBytes">Rounded up to a power of two, 4 KiB to 1 GiB; the largest payload is just under half.</param>
    /// <param name="producers">How many writers; one gets the cheaper ring without CAS.</param>
    /// <param name="rewinds">
    /// Whether an idle ring goes back to its first bytes. What it skips then is not free until the reader has moved on, so
    /// not where the reader may stand still just when room is needed.
    /// </param>
    public static EventRing Create(long capacityBytes, int producers, bool rewinds = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(producers);
        var state = new RingState(capacityBytes, rewinds);
        var space = new SpaceSignal();
        if (producers == 1)
        {
            return new EventRing([new SingleProducerWriter(state)], new SingleProducerReader(state, space), space);
        }

        var stamps = new CommitStamps(state);
        var writers = new RingWriter[producers];
        for (var i = 0; i < producers; i++)
        {
            writers[i] = new MultiProducerWriter(state, stamps);
        }

        return new EventRing(writers, new MultiProducerReader(state, stamps, space), space);
    }
}
