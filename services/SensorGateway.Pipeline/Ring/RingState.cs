using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Ring;

/// <summary>The memory and counters that the two ends of a ring share.</summary>
/// <remarks>
/// Invariant, always: <c>0 &lt;= Consumed &lt;= Claimed &lt;= Consumed + CapacityBytes</c>. Positions count bytes since the start and
/// never wrap; a record lies at its position modulo the capacity, whole.
/// </remarks>
internal sealed unsafe class RingState
{
    /// <summary>An idle ring goes back to its first bytes after this many: they are still in the cache.</summary>
    public const int RewindBytes = 256 * 1024;

    private readonly byte[] _memory;
    private readonly byte* _base;
    private readonly int _rewindBytes;

    /// <summary>Single producer: records below it may be read. Several producers: records below it are claimed.</summary>
    public PaddedSequence Claimed;

    /// <summary>Bytes below it may be overwritten.</summary>
    public PaddedSequence Consumed;

    /// <summary>Written by the writers, for the depth gauge.</summary>
    public PaddedSequence RecordsIn;

    /// <summary>Written by the reader, for the depth gauge.</summary>
    public PaddedSequence RecordsOut;

    public RingState(long capacityBytes, bool rewinds = true)
    {
        _rewindBytes = rewinds ? RewindBytes : int.MaxValue;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacityBytes, 1L << 30);
        CapacityBytes = (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(capacityBytes, 4096));

        // Pinned, so that the pointer stays good; not cleared, so that memory is taken from the system only as the ring
        // really fills.
        _memory = GC.AllocateUninitializedArray<byte>(CapacityBytes + RecordHeader.Bytes, pinned: true);
        var start = (nuint)Unsafe.AsPointer(ref _memory[0]);
        _base = (byte*)((start + RecordHeader.Bytes - 1) & ~(nuint)(RecordHeader.Bytes - 1));
    }

    /// <summary>A power of two.</summary>
    public int CapacityBytes { get; }

    /// <summary>The largest payload that fits, whatever the positions: a record may need a skip before it.</summary>
    public int PayloadBytesMax => CapacityBytes / 2 - RecordHeader.Bytes;

    /// <summary>Bytes taken, skips included. Any thread may ask.</summary>
    public long UsedBytes => Math.Max(0, Claimed.ReadAcquire() - Consumed.ReadAcquire());

    /// <summary>Whole record for a payload, header included, a multiple of the header's size.</summary>
    public static int StrideFor(int payloadBytes) =>
        (payloadBytes + 2 * RecordHeader.Bytes - 1) & ~(RecordHeader.Bytes - 1);

    /// <summary>Place of a position in its lap.</summary>
    public int OffsetOf(long position) => (int)(position & (CapacityBytes - 1));

    /// <summary>The header at a position.</summary>
    public ref RecordHeader HeaderAt(long position) => ref Unsafe.AsRef<RecordHeader>(_base + OffsetOf(position));

    /// <summary>The payload bytes after the header at a position.</summary>
    public Span<byte> PayloadAt(long position, int bytes) => new(_base + OffsetOf(position) + RecordHeader.Bytes, bytes);

    /// <summary>Has the processor fetch the header at a position while the record before it is worked on.</summary>
    /// <remarks>Where a record begins is known only from the one before, so in a backlog each would cost a cache miss.</remarks>
    public void Prefetch(long position)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_base + OffsetOf(position));
        }
    }

    /// <summary>Bytes to skip before a record of this size can lie whole; also back to the start when the ring is idle.</summary>
    public int SkipBefore(long position, int strideBytes, bool idle)
    {
        var offset = OffsetOf(position);
        var restOfLap = CapacityBytes - offset;

        // Only a record that ends before the place it left may go back: otherwise skip and record together would be
        // longer than the ring, and even an empty ring would refuse it for ever.
        var rewinds = idle && offset >= _rewindBytes && offset >= strideBytes;
        return restOfLap < strideBytes || rewinds ? restOfLap : 0;
    }

    /// <summary>Refuses payloads that do not fit whatever the positions, before any arithmetic on their size.</summary>
    public int CheckedStrideFor(int payloadBytes)
    {
        if ((uint)payloadBytes > (uint)PayloadBytesMax)
        {
            ThrowTooLarge(payloadBytes);
        }

        return StrideFor(payloadBytes);
    }

    /// <summary>Fills in the header of skipped bytes.</summary>
    public void WriteSkip(long position, int bytes)
    {
        ref var header = ref HeaderAt(position);
        header.StrideBytes = bytes;
        header.PayloadBytes = RecordHeader.Skip;
    }

    /// <summary>Fills in a record's header and lends its room.</summary>
    public SlotLease Lend(long position, int payloadBytes, int strideBytes)
    {
        ref var header = ref HeaderAt(position);
        header.StrideBytes = strideBytes;
        header.PayloadBytes = payloadBytes;
        return new SlotLease(ref header.Tag, PayloadAt(position, payloadBytes), position);
    }

    [DoesNotReturn]
    private void ThrowTooLarge(int payloadBytes) => throw new ArgumentOutOfRangeException(
        nameof(payloadBytes),
        payloadBytes,
        $"A ring of {CapacityBytes} bytes takes payloads of 0 to {PayloadBytesMax} bytes; make the ring larger.");
}
