using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SensorGateway.Pipeline.Sources;

namespace SensorGateway.Tests.Sources.Slicing;

/// <summary>Writes payloads as a sender would.</summary>
internal static class FrameText
{
    public static byte[] Encode(Framing framing, params byte[][] payloads) =>
        [.. payloads.SelectMany(payload => Encode(framing, payload))];

    private static byte[] Encode(Framing framing, byte[] payload)
    {
        switch (framing)
        {
            case Framing.LengthPrefixed:
                var header = new byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(header, (uint)payload.Length);
                return [.. header, .. payload];
            case Framing.Newline:
                return [.. payload, (byte)'\n'];
            default:
                return [.. Encoding.ASCII.GetBytes(payload.Length.ToString(CultureInfo.InvariantCulture)), (byte)' ', .. payload];
        }
    }
}
