using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using SensorGateway.Benchmarks.Detection.Stages;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Sources.Slicing;

namespace SensorGateway.Benchmarks.Sources;

/// <summary>A full read of 256-byte payloads cut into frames, in place; time per frame.</summary>
[MemoryDiagnoser]
public class FrameSlicingBenchmarks
{
    private const int Frames = 240;

    private byte[] _bytes = [];
    private FrameSlicer _slicer = FrameSlicer.Create(Framing.LengthPrefixed, 65_536);

    /// <summary>How payloads are told apart.</summary>
    [Params(Framing.LengthPrefixed, Framing.Newline, Framing.OctetCounted)]
    public Framing Framing { get; set; }

    [GlobalSetup]
    public void Check()
    {
        var payload = StageRules.Clean;
        byte[] frame = Framing switch
        {
            Framing.LengthPrefixed => [0, 0, 1, 0, .. payload],
            Framing.Newline => [.. payload, (byte)'\n'],
            _ => [.. Encoding.ASCII.GetBytes(payload.Length.ToString(CultureInfo.InvariantCulture) + " "), .. payload],
        };
        _bytes = [.. Enumerable.Repeat(frame, Frames).SelectMany(static each => each)];
        _slicer = FrameSlicer.Create(Framing, 65_536);
        StageRules.Require(SliceARead() == Frames * payload.Length, "payload bytes are missing");
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public int SliceARead()
    {
        var cursor = new FrameCursor(_bytes);
        var state = default(SliceState);
        var bytes = 0;
        while (_slicer.Next(ref cursor, ref state) == SliceResult.Frame)
        {
            bytes += cursor.Payload.Length;
        }

        return bytes;
    }
}
