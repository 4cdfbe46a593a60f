namespace SensorGateway.Tests.Simulation.Network;

/// <summary>One direction of a connection: bytes in order, bounded.</summary>
internal sealed class BytePipe(int capacity)
{
    private byte[] _bytes = new byte[Math.Min(capacity, 4096)];
    private int _start;

    /// <summary>Bytes under way.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes it still takes.</summary>
    public int Room => capacity - Count;

    /// <summary>What is under way, oldest first.</summary>
    public ReadOnlySpan<byte> Waiting => _bytes.AsSpan(_start, Count);

    /// <summary>Takes what fits.</summary>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, Room)];
        if (_start + Count + bytes.Length > _bytes.Length)
        {
            var target = Count + bytes.Length <= _bytes.Length ? _bytes : new byte[Math.Max(Count + bytes.Length, 2 * _bytes.Length)];
            _bytes.AsSpan(_start, Count).CopyTo(target);
            (_bytes, _start) = (target, 0);
        }

        bytes.CopyTo(_bytes.AsSpan(_start + Count));
        Count += bytes.Length;
        return bytes.Length;
    }

    /// <summary>Leaves the oldest bytes behind.</summary>
    public void Skip(int bytes) => (_start, Count) = Count == bytes ? (0, 0) : (_start + bytes, Count - bytes);

    /// <summary>Loses all but the oldest bytes.</summary>
    public void Cut(int kept) => Count = Math.Min(kept, Count);
}
