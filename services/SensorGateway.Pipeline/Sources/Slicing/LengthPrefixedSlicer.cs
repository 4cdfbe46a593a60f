using System.Buffers.Binary;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Sources.Slicing;

/// <summary>Unsigned 32-bit big-endian length, then that many payload bytes.</summary>
internal sealed class LengthPrefixedSlicer(int payloadBytesMax) : FrameSlicer(payloadBytesMax)
{
    private const int HeaderBytes = sizeof(uint);

    /// <inheritdoc/>
    public override SliceResult Next(ref FrameCursor cursor, ref SliceState state)
    {
        if (cursor.Rest.Length < HeaderBytes)
        {
            return cursor.Wait(HeaderBytes);
        }

        var announced = BinaryPrimitives.ReadUInt32BigEndian(cursor.Rest);

        // Zero wraps around to the largest number, so one comparison refuses both ends.
        if (announced - 1 >= (uint)PayloadBytesMax)
        {
            return cursor.Refuse(announced == 0 ? RejectReason.EmptyFrame : RejectReason.TooLarge, close: true);
        }

        var payloadBytes = (int)announced;
        return cursor.Rest.Length - HeaderBytes < payloadBytes
            ? cursor.Wait(HeaderBytes + payloadBytes)
            : cursor.Take(HeaderBytes, payloadBytes);
    }
}
