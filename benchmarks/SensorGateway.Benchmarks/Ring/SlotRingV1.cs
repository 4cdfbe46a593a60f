using System.Numerics;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Benchmarks.Ring;

/// <summary>
/// The rival of the byte ring, first of its kind: fixed slots with room for a short payload, and a circular overflow area
/// for longer ones. Single producer, single consumer, the same padding and cached counters.
/// </summary>
/// <remarks>A numbered rival never changes, so that ratios of different years compare.</remarks>
internal sealed class SlotRingV1
{
    public const int InlineBytes = 512;

    private readonly Slot[] _slots;
    private readonly byte[] _inline;
    private readonly byte[] _overflow;
    private PaddedSequence _published;
    private PaddedSequence _consumed;
    private PaddedSequence _overflowFreed;
    private long _next;
    private long _consumedSeen;
    private long _overflowNext;
    private long _overflowFreedSeen;
    private long _read;
    private long _publishedSeen;
    private long _overflowRead;

    public SlotRingV1(int slots, int overflowBytes)
    {
        _slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)slots)];
        _inline = GC.AllocateUninitializedArray<byte>(_slots.Length * InlineBytes, pinned: true);
        _overflow = GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)overflowBytes), pinned: true);
    }

    /// <summary>Lends room for a payload; false when slots or overflow are used up.</summary>
    public bool TryClaim(int bytes, out Span<byte> payload)
    {
        payload = default;
        if (_next - _consumedSeen == _slots.Length)
        {
            _consumedSeen = _consumed.ReadAcquire(); // Pairs with Release.
            if (_next - _consumedSeen == _slots.Length)
            {
                return false;
            }
        }

        var index = (int)_next & (_slots.Length - 1);
        ref var slot = ref _slots[index];
        if (bytes <= InlineBytes)
        {
            payload = _inline.AsSpan(index * InlineBytes, bytes);
            slot = new Slot(bytes, -1, _overflowNext);
            return true;
        }

        var offset = (int)_overflowNext & (_overflow.Length - 1);
        var skip = _overflow.Length - offset < bytes ? _overflow.Length - offset : 0;
        var end = _overflowNext + skip + bytes;
        if (end - _overflowFreedSeen > _overflow.Length)
        {
            _overflowFreedSeen = _overflowFreed.ReadAcquire(); // Pairs with Release.
            if (end - _overflowFreedSeen > _overflow.Length)
            {
                return false;
            }
        }

        offset = skip > 0 ? 0 : offset;
        payload = _overflow.AsSpan(offset, bytes);
        slot = new Slot(bytes, offset, end);
        _overflowNext = end;
        return true;
    }

    /// <summary>The claimed payload is filled.</summary>
    public void Commit() => _next++;

    /// <summary>Passes all committed payloads on. Pairs with TryRead.</summary>
    public void Publish() => _published.WriteRelease(_next);

    /// <summary>Lends the next payload.</summary>
    public bool TryRead(out ReadOnlySpan<byte> payload)
    {
        if (_read == _publishedSeen)
        {
            _publishedSeen = _published.ReadAcquire(); // Pairs with Publish.
            if (_read == _publishedSeen)
            {
                payload = default;
                return false;
            }
        }

        var index = (int)_read++ & (_slots.Length - 1);
        ref var slot = ref _slots[index];
        _overflowRead = slot.OverflowEnd;
        payload = slot.Overflow < 0
            ? _inline.AsSpan(index * InlineBytes, slot.Bytes)
            : _overflow.AsSpan(slot.Overflow, slot.Bytes);
        return true;
    }

    /// <summary>Gives the room of all read payloads back. Pairs with TryClaim.</summary>
    public void Release()
    {
        _overflowFreed.WriteRelease(_overflowRead);
        _consumed.WriteRelease(_read);
    }

    /// <summary>32 bytes, as much as a record's header in the byte ring.</summary>
    private struct Slot(int bytes, int overflow, long overflowEnd)
    {
        public int Bytes = bytes;
        public int Overflow = overflow;
        public long OverflowEnd = overflowEnd;
        public long ReceivedAtTicks;
        public int Sensor;
        public int Kind;
    }
}
