using SensorGateway.Pipeline.Sensors;

namespace SensorGateway.Pipeline.Sources.Streams;

/// <summary>All connections of a source, by slot. Made once, at its full size. Owner: the ingest thread.</summary>
internal sealed class ConnectionTable
{
    private readonly Connection[] _slots;
    private readonly int[] _free; // A stack: a slot that was just closed is still in the cache.

    public ConnectionTable(int connectionsMax)
    {
        _slots = new Connection[connectionsMax];
        _free = new int[connectionsMax];
        for (var slot = 0; slot < connectionsMax; slot++)
        {
            _slots[slot].Descriptor = -1;
            _free[slot] = connectionsMax - 1 - slot;
        }
    }

    /// <summary>Connections open now.</summary>
    public int Count { get; private set; }

    /// <summary>True when no further connection may be opened.</summary>
    public bool IsFull => Count == _slots.Length;

    /// <summary>Slots to look at when looking at all; some may be free.</summary>
    public int SlotsUsed { get; private set; }

    /// <summary>The connection in a slot.</summary>
    public ref Connection this[int slot] => ref _slots[slot];

    /// <summary>Takes a free slot. The table must not be full.</summary>
    public int Open(int descriptor, Sensor sensor, long readingTicks)
    {
        Count++;
        var slot = _free[^Count];
        SlotsUsed = Math.Max(SlotsUsed, slot + 1);
        _slots[slot] = new Connection { Descriptor = descriptor, Sensor = sensor, LastBytesAt = readingTicks };
        return slot;
    }

    /// <summary>Gives the slot back; the caller has closed what it held.</summary>
    public void Close(int slot)
    {
        _slots[slot] = new Connection { Descriptor = -1 };
        _free[^Count] = slot;
        Count--;
    }
}
