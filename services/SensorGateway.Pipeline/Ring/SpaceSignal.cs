using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Ring;

/// <summary>Lets a writer that found its ring full sleep until the reader has made room.</summary>
public sealed class SpaceSignal
{
    private readonly List<Doorbell> _bells = [];
    private int _wanted;

    /// <summary>Adds a bell to ring; before the threads start.</summary>
    public void Add(Doorbell bell) => _bells.Add(bell);

    /// <summary>Writer: asks to be woken. Then it must try to claim once more before it sleeps.</summary>
    /// <remarks>Full fence, pairs with <see cref="Offer"/>: the reader sees the wish, or the writer sees the room.</remarks>
    public void Want() => Interlocked.Exchange(ref _wanted, 1);

    /// <summary>Reader, after room was given back: wakes whoever waits, once half the ring is free.</summary>
    internal void Offer(RingState ring)
    {
        Interlocked.MemoryBarrier(); // Pairs with Want.
        if (Volatile.Read(ref _wanted) != 0
            && ring.UsedBytes <= ring.CapacityBytes / 2
            && Interlocked.Exchange(ref _wanted, 0) != 0)
        {
            foreach (var bell in _bells)
            {
                bell.Ring();
            }
        }
    }
}
