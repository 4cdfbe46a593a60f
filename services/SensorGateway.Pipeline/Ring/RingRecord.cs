using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Ring;

/// <summary>What travels with a record's bytes through a ring. 24 bytes, no references.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RecordTag
{
    /// <summary>When the last byte arrived, in Stopwatch ticks; never wall time.</summary>
    public long ReceivedAtTicks;

    /// <summary>Handle of the sensor in the <c>SensorTable</c>.</summary>
    public int Sensor;

    /// <summary>Free for the two ends to agree on.</summary>
    public int Kind;

    /// <summary>Free for the two ends to agree on.</summary>
    public long Extra;
}

/// <summary>In front of every record in the ring's memory. 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RecordHeader
{
    public const int Bytes = 32;

    /// <summary>Marks space that a writer skipped at the end of a lap.</summary>
    public const int Skip = -1;

    /// <summary>Bytes from this header to the next one.</summary>
    public int StrideBytes;

    /// <summary>Payload bytes after the header, or <see cref="Skip"/>.</summary>
    public int PayloadBytes;

    public RecordTag Tag;
}

/// <summary>A record on loan: valid until the reader's next call. Cannot be kept.</summary>
/// <param name="tag">What travels with the bytes.</param>
/// <param name="payload">The bytes, in the ring's own memory.</param>
public readonly ref struct RingRecord(ref readonly RecordTag tag, ReadOnlySpan<byte> payload)
{
    private readonly ref readonly RecordTag _tag = ref tag;

    /// <summary>What travels with the bytes.</summary>
    public ref readonly RecordTag Tag => ref _tag;

    /// <summary>The bytes, in the ring's own memory.</summary>
    public ReadOnlySpan<byte> Payload { get; } = payload;
}

/// <summary>Room on loan from a ring for one record, until it is committed. Cannot be kept.</summary>
public readonly ref struct SlotLease
{
    private readonly ref RecordTag _tag;

    internal SlotLease(ref RecordTag tag, Span<byte> payload, long position)
    {
        _tag = ref tag;
        Payload = payload;
        Position = position;
    }

    /// <summary>To be filled by the writer.</summary>
    public ref RecordTag Tag => ref _tag;

    /// <summary>To be filled by the writer, all of it.</summary>
    public Span<byte> Payload { get; }

    internal long Position { get; }
}
