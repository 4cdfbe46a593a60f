using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SensorGateway.Pipeline.Sources;

namespace SensorGateway.IntegrationTests.Sources;

/// <summary>Writes payloads as a sender would.</summary>
internal static class Frames
{
    public static byte[] Encode(Framing framing, params IEnumerable<byte[]> payloads)
    {
        var stream = new MemoryStream();
        foreach (var payload in payloads)
        {
            switch (framing)
            {
                case Framing.LengthPrefixed:
                    stream.Write(Length((uint)payload.Length));
                    stream.Write(payload);
                    break;
                case Framing.Newline:
                    stream.Write(payload);
                    stream.WriteByte((byte)'\n');
                    break;
                default:
                    stream.Write(Encoding.ASCII.GetBytes(payload.Length.ToString(CultureInfo.InvariantCulture) + " "));
                    stream.Write(payload);
                    break;
            }
        }

        return stream.ToArray();
    }

    public static byte[] Length(uint length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);
        return bytes;
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
