namespace SensorGateway.Pipeline.Detection.Suppressing;

/// <summary>Slots in the order in which their windows close; of equal times the one opened first comes first.</summary>
/// <remarks>A binary heap that knows where each slot stands, so that any slot can leave. Allocates once.</remarks>
internal sealed class WindowHeap(int slots)
{
    private const int Absent = 0;

    private readonly int[] _heap = new int[slots];
    private readonly int[] _places = new int[slots]; // Place in the heap, counted from 1: an array that is new says "absent".
    private readonly Key[] _keys = new Key[slots];
    private long _opened;

    /// <summary>Slots inside.</summary>
    public int Count { get; private set; }

    /// <summary>The slot that closes first; there must be one.</summary>
    public int First => _heap[0];

    /// <summary>When the first one closes; <see cref="long.MaxValue"/> when there is none.</summary>
    public long FirstClosesAtTicks => Count > 0 ? _keys[_heap[0]].ClosesAtTicks : long.MaxValue;

    /// <summary>True for a slot inside.</summary>
    public bool Contains(int slot) => _places[slot] != Absent;

    /// <summary>When a slot inside closes.</summary>
    public long ClosesAtTicks(int slot) => _keys[slot].ClosesAtTicks;

    /// <summary>Takes in a slot that is not inside.</summary>
    public void Add(int slot, long closesAtTicks)
    {
        _keys[slot] = new Key(closesAtTicks, _opened++);
        Rise(slot, Count++);
    }

    /// <summary>Lets a slot go that is inside.</summary>
    public void Remove(int slot)
    {
        var hole = _places[slot] - 1;
        _places[slot] = Absent;
        var last = _heap[--Count];
        if (hole == Count)
        {
            return;
        }

        if (hole > 0 && _keys[last].IsBefore(_keys[_heap[(hole - 1) / 2]]))
        {
            Rise(last, hole);
        }
        else
        {
            Sink(last, hole);
        }
    }

    private void Rise(int slot, int place)
    {
        while (place > 0)
        {
            var parent = (place - 1) / 2;
            if (!_keys[slot].IsBefore(_keys[_heap[parent]]))
            {
                break;
            }

            Put(_heap[parent], place);
            place = parent;
        }

        Put(slot, place);
    }

    private void Sink(int slot, int place)
    {
        while (true)
        {
            var child = place * 2 + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && _keys[_heap[child + 1]].IsBefore(_keys[_heap[child]]))
            {
                child++;
            }

            if (!_keys[_heap[child]].IsBefore(_keys[slot]))
            {
                break;
            }

            Put(_heap[child], place);
            place = child;
        }

        Put(slot, place);
    }

    private void Put(int slot, int place)
    {
        _heap[place] = slot;
        _places[slot] = place + 1;
    }

    private readonly record struct Key(long ClosesAtTicks, long Opened)
    {
        public bool IsBefore(in Key other) => ClosesAtTicks != other.ClosesAtTicks
            ? ClosesAtTicks < other.ClosesAtTicks
            : Opened < other.Opened;
    }
}
