using System.Buffers.Binary;
using SensorGateway.Benchmarks.Scenarios.Detect;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Sources.Slicing;

namespace SensorGateway.Benchmarks.Scenarios.Ingest;

/// <summary>One operation: 16 KiB as they come from a socket, sliced, copied into the ring, read and released.</summary>
internal sealed class IngestScenario : OperationScenario
{
    private const int ChunkBytes = 16 * 1024;
    private const int Chunks = 64;

    private readonly byte[][] _chunks = new byte[Chunks][];
    private readonly FrameSlicer _slicer;
    private readonly RingWriter _writer;
    private readonly RingReader _reader;
    private long _payloadBytes;

    public IngestScenario(Framing framing)
    {
        _slicer = FrameSlicer.Create(framing, 64 * 1024);
        var ring = EventRing.Create(1 << 20, 1);
        _writer = ring.Writers[0];
        _reader = ring.Reader;
        var payloads = DetectWorkloads.Generate(4_096, 0.02).Payloads;
        var next = 0;
        for (var i = 0; i < Chunks; i++)
        {
            var wanted = Fill(framing, payloads, ref next, out _chunks[i]);
            _payloadBytes = 0;
            Run(i);
            if (_payloadBytes != wanted)
            {
                throw new InvalidOperationException($"chunk {i} holds {wanted} payload bytes, but {_payloadBytes} came out of the ring");
            }
        }
    }

    /// <inheritdoc/>
    protected override int Operations => Chunks;

    /// <inheritdoc/>
    protected override void Run(int operation)
    {
        var cursor = new FrameCursor(_chunks[operation]);
        var state = default(SliceState);
        while (_slicer.Next(ref cursor, ref state) == SliceResult.Frame)
        {
            if (!_writer.TryClaim(cursor.Payload.Length, out var lease))
            {
                throw new InvalidOperationException("the ring is full, although it was emptied before");
            }

            cursor.Payload.CopyTo(lease.Payload);
            lease.Tag.Sensor = 1;
            _writer.Commit(lease);
        }

        _writer.Publish();
        while (_reader.TryRead(out var record))
        {
            _payloadBytes += record.Payload.Length;
        }

        _reader.Release();
    }

    /// <summary>Whole frames only; what is longer than the rest of the chunk begins the next one.</summary>
    private static long Fill(Framing framing, byte[][] payloads, ref int next, out byte[] chunk)
    {
        var bytes = new byte[ChunkBytes];
        var filled = 0;
        var wanted = 0L;
        while (true)
        {
            var payload = payloads[next % payloads.Length];
            if (framing == Framing.Newline)
            {
                // Lines cannot hold line ends.
                payload = [.. payload.Select(static b => b is (byte)'\n' or (byte)'\r' ? (byte)' ' : b)];
            }

            var overhead = framing == Framing.Newline ? 1 : sizeof(uint);
            if (filled + payload.Length + overhead > ChunkBytes)
            {
                chunk = bytes[..filled];
                return wanted;
            }

            if (framing == Framing.Newline)
            {
                payload.CopyTo(bytes, filled);
                bytes[filled + payload.Length] = (byte)'\n';
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(filled), (uint)payload.Length);
                payload.CopyTo(bytes, filled + overhead);
            }

            filled += payload.Length + overhead;
            wanted += payload.Length;
            next++;
        }
    }
}
