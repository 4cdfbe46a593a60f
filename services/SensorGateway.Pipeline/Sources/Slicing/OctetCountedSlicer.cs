using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Sources.Slicing;

/// <summary>RFC 6587: decimal length without leading zero, one blank, then that many payload bytes.</summary>
/// <remarks>The first byte that breaks the rules decides the reason, so that splitting a read changes nothing.</remarks>
internal sealed class OctetCountedSlicer(int payloadBytesMax) : FrameSlicer(payloadBytesMax)
{
    /// <inheritdoc/>
    public override SliceResult Next(ref FrameCursor cursor, ref SliceState state)
    {
        var rest = cursor.Rest;
        var announced = 0L;
        for (var i = 0; i < rest.Length; i++)
        {
            var digit = rest[i] - '0';
            if (digit is >= 0 and <= 9)
            {
                if (i > 0 && announced == 0)
                {
                    return cursor.Refuse(RejectReason.BadFrame, close: true); // Leading zero.
                }

                announced = announced * 10 + digit;
                if (announced > PayloadBytesMax)
                {
                    return cursor.Refuse(RejectReason.TooLarge, close: true); // Before the number can overflow.
                }
            }
            else if (rest[i] != ' ' || i == 0)
            {
                return cursor.Refuse(RejectReason.BadFrame, close: true);
            }
            else if (announced == 0)
            {
                return cursor.Refuse(RejectReason.EmptyFrame, close: true);
            }
            else
            {
                var headerBytes = i + 1;
                var payloadBytes = (int)announced;
                return rest.Length - headerBytes < payloadBytes
                    ? cursor.Wait(headerBytes + payloadBytes)
                    : cursor.Take(headerBytes, payloadBytes);
            }
        }

        return cursor.Wait(rest.Length + 1);
    }
}
