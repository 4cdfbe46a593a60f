using SensorGateway.Pipeline.Ring;

namespace SensorGateway.Benchmarks.Ring;

/// <summary>What both ring designs do; as a struct, so that the runtime compiles the loop anew for each.</summary>
internal interface IRingUnderTest
{
    bool TryWrite(ReadOnlySpan<byte> payload);

    void Publish();

    /// <summary>The whole payload added up, as detection looks at all of it; -1 when there is none.</summary>
    int TryRead();

    void Release();
}

/// <summary>The ring the gateway uses.</summary>
internal readonly struct ByteRing(EventRing ring) : IRingUnderTest
{
    private readonly RingWriter _writer = ring.Writers[0];
    private readonly RingReader _reader = ring.Reader;

    public bool TryWrite(ReadOnlySpan<byte> payload)
    {
        if (!_writer.TryClaim(payload.Length, out var lease))
        {
            return false;
        }

        payload.CopyTo(lease.Payload);
        lease.Tag.Sensor = 1;
        _writer.Commit(lease);
        return true;
    }

    public void Publish() => _writer.Publish();

    public int TryRead() => _reader.TryRead(out var record) ? Touch.All(record.Payload) : -1;

    public void Release() => _reader.Release();
}

/// <summary>Its rival.</summary>
internal readonly struct SlotRing(SlotRingV1 ring) : IRingUnderTest
{
    public bool TryWrite(ReadOnlySpan<byte> payload)
    {
        if (!ring.TryClaim(payload.Length, out var room))
        {
            return false;
        }

        payload.CopyTo(room);
        ring.Commit();
        return true;
    }

    public void Publish() => ring.Publish();

    public int TryRead() => ring.TryRead(out var payload) ? Touch.All(payload) : -1;

    public void Release() => ring.Release();
}
