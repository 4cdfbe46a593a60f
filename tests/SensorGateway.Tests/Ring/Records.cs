using SensorGateway.Pipeline.Ring;

namespace SensorGateway.Tests.Ring;

/// <summary>Whole payloads in and out of a ring.</summary>
internal static class Records
{
    public static bool TryWrite(this RingWriter writer, ReadOnlySpan<byte> payload, int sensor = 0)
    {
        if (!writer.TryClaim(payload.Length, out var lease))
        {
            return false;
        }

        payload.CopyTo(lease.Payload);
        lease.Tag = new RecordTag { Sensor = sensor };
        writer.Commit(lease);
        writer.Publish();
        return true;
    }

    /// <summary>The next payload, its room not yet given back; null when none waits.</summary>
    public static byte[]? Read(this RingReader reader) =>
        reader.TryRead(out var record) ? record.Payload.ToArray() : null;

    /// <summary>The next payload, its room given back.</summary>
    public static byte[]? Take(this RingReader reader)
    {
        var payload = reader.Read();
        reader.Release();
        return payload;
    }

    /// <summary>Bytes that no other length or seed gives.</summary>
    public static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed * 31 + length).NextBytes(bytes);
        return bytes;
    }
}
