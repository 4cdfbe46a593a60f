using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources.Slicing;

namespace SensorGateway.Pipeline.Sources.Streams;

/// <summary>One sender's connection. Lives in its slot of the <see cref="ConnectionTable"/>.</summary>
internal struct Connection
{
    /// <summary>The socket; -1 marks a free slot.</summary>
    public int Descriptor;

    /// <summary>Who sends.</summary>
    public Sensor Sensor;

    /// <summary>What the slicer remembers.</summary>
    public SliceState Slice;

    /// <summary>Holds <see cref="RestBytes"/> unsliced bytes; null when there are none, so that silence costs no memory.</summary>
    public byte[]? Rest;

    /// <summary>Bytes in use of <see cref="Rest"/>.</summary>
    public int RestBytes;

    /// <summary>With fewer unsliced bytes than this there is no use in slicing.</summary>
    public int BytesNeeded;

    /// <summary>When the last bytes came, in reading ticks (<see cref="HandOver.ReadingTicks"/>).</summary>
    public long LastBytesAt;

    /// <summary>When the first byte of the frame that is not whole yet came, in reading ticks.</summary>
    public long FrameBeganAt;

    /// <summary>True between the first and the last byte of a frame.</summary>
    public readonly bool IsInsideFrame => RestBytes > 0 || Slice.SkipsLine;

    /// <summary>The unsliced bytes.</summary>
    public readonly ReadOnlySpan<byte> Unsliced => Rest.AsSpan(0, RestBytes);
}
