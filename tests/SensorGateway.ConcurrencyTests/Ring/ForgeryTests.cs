using System.Buffers.Binary;
using SensorGateway.ConcurrencyTests.Ring.Twins;
using SensorGateway.Pipeline.Ring;

namespace SensorGateway.ConcurrencyTests.Ring;

/// <summary>A peer that knows the ring and sends bytes that look like filled records of the next lap.</summary>
public sealed class ForgeryTests
{
    private const int CapacityBytes = 4096;

    [Fact]
    public void Ring_AgainstPayloadsThatLookLikeRecords_LendsOnlyWhatWasCommitted()
    {
        var ring = EventRing.Create(CapacityBytes, 2);

        Assert.Null(Attack(ring.Writers, ring.Reader));
    }

    [Fact]
    public void Twin_WithStampsInsideTheMemory_IsCaughtByTheSameAttack()
    {
        var (writers, reader) = StampsInsideTheMemory.Create(CapacityBytes, 2);

        Assert.NotNull(Attack(writers, reader));
    }

    /// <summary>What the reader was made to believe, or null.</summary>
    private static string? Attack(IReadOnlyList<RingWriter> writers, RingReader reader)
    {
        // Lap 0: two payloads that fill the ring. Behind each step of 32 bytes they carry a header for lap 1.
        for (var half = 0; half < 2; half++)
        {
            Write(writers[0], half * (CapacityBytes / 2L));
        }

        while (reader.TryRead(out _))
        {
        }

        reader.Release();

        // Lap 1: a real record, then one that is claimed and never filled.
        if (!writers[0].TryClaim(8, out var real) || !writers[1].TryClaim(8, out _))
        {
            return "an empty ring refused a record";
        }

        real.Payload.Fill(1);
        writers[0].Commit(real);
        if (!reader.TryRead(out var first) || first.Payload.Length != 8)
        {
            return "the real record did not come through";
        }

        return reader.TryRead(out var forged) ? $"lent {forged.Payload.Length} bytes that nobody committed" : null;
    }

    private static void Write(RingWriter writer, long position)
    {
        Assert.True(writer.TryClaim(writer.PayloadBytesMax, out var lease));
        for (var at = RecordHeader.Bytes; at < CapacityBytes / 2; at += RecordHeader.Bytes)
        {
            var header = lease.Payload[(at - RecordHeader.Bytes)..];
            BinaryPrimitives.WriteInt32LittleEndian(header, 64);         // StrideBytes
            BinaryPrimitives.WriteInt32LittleEndian(header[4..], 16);    // PayloadBytes
            BinaryPrimitives.WriteInt64LittleEndian(header[24..], position + at + CapacityBytes + 1); // Tag.Extra
        }

        writer.Commit(lease);
        writer.Publish();
    }
}
