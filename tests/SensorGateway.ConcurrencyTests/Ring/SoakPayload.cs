using System.Buffers.Binary;

namespace SensorGateway.ConcurrencyTests.Ring;

/// <summary>Payloads that tell who wrote them, in which order, and whether every byte arrived.</summary>
internal static class SoakPayload
{
    public const int BytesMin = 24;

    private const int ProducerAt = 0;
    private const int LengthAt = 4;
    private const int SequenceAt = 8;
    private const int BodyAt = 16;

    /// <summary>Length of a producer's n-th payload: mostly short, sometimes as long as the ring takes.</summary>
    public static int LengthOf(int producer, long sequence, int bytesMax)
    {
        var dice = Mix(sequence * 977 + producer);
        return (dice & 15) switch
        {
            0 => bytesMax,
            < 3 => BytesMin + (int)((dice >> 8) % (ulong)(bytesMax - BytesMin + 1)),
            _ => BytesMin + (int)((dice >> 8) % 200),
        };
    }

    /// <summary>Fills a payload.</summary>
    public static void Fill(Span<byte> payload, int producer, long sequence)
    {
        BinaryPrimitives.WriteInt32LittleEndian(payload[ProducerAt..], producer);
        BinaryPrimitives.WriteInt32LittleEndian(payload[LengthAt..], payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(payload[SequenceAt..], sequence);
        var state = Mix(sequence * 31 + producer);
        for (var i = BodyAt; i < payload.Length; i++)
        {
            payload[i] = BodyByte(state, i);
        }
    }

    /// <summary>What is wrong with a payload, or null; the sequence of its producer moves on.</summary>
    public static string? Check(ReadOnlySpan<byte> payload, long[] nextSequences, int bytesMax)
    {
        // Length first: what a broken ring lends may reach past its memory.
        if (payload.Length < BytesMin || payload.Length > bytesMax)
        {
            return $"a payload of {payload.Length} bytes, which nobody wrote";
        }

        var producer = BinaryPrimitives.ReadInt32LittleEndian(payload[ProducerAt..]);
        if ((uint)producer >= (uint)nextSequences.Length)
        {
            return $"a payload of producer {producer}, whom nobody knows";
        }

        var sequence = BinaryPrimitives.ReadInt64LittleEndian(payload[SequenceAt..]);
        if (sequence != nextSequences[producer])
        {
            return $"payload {sequence} of producer {producer} where {nextSequences[producer]} was due";
        }

        nextSequences[producer]++;
        return CheckBody(payload, producer, sequence);
    }

    /// <summary>What is wrong with the bytes of a payload that was fine before, or null.</summary>
    public static string? CheckBody(ReadOnlySpan<byte> payload, int producer, long sequence)
    {
        if (BinaryPrimitives.ReadInt32LittleEndian(payload[LengthAt..]) != payload.Length)
        {
            return $"payload {sequence} of producer {producer} with another length than it was written with";
        }

        var state = Mix(sequence * 31 + producer);
        for (var i = BodyAt; i < payload.Length; i++)
        {
            if (payload[i] != BodyByte(state, i))
            {
                return $"payload {sequence} of producer {producer} differs at byte {i} of {payload.Length}";
            }
        }

        return null;
    }

    public static (int Producer, long Sequence) NameOf(ReadOnlySpan<byte> payload) => (
        BinaryPrimitives.ReadInt32LittleEndian(payload[ProducerAt..]),
        BinaryPrimitives.ReadInt64LittleEndian(payload[SequenceAt..]));

    // Below 0x80, so that bytes taken for a header are never a skip that leads nowhere.
    private static byte BodyByte(ulong state, int index) => (byte)((state >> (index & 31)) + (ulong)index & 0x7F);

    private static ulong Mix(long value)
    {
        // The finalizer of SplitMix64: https://prng.di.unimi.it/splitmix64.c
        var mixed = (ulong)value + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        return mixed ^ mixed >> 31;
    }
}
