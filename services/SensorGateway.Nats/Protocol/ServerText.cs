using System.Text;

namespace SensorGateway.Nats.Protocol;

/// <summary>Makes bytes from the other side fit for a log line or a terminal.</summary>
internal static class ServerText
{
    public const int MaxBytes = 200;

    /// <summary>Printable ASCII as it is, everything else as \xHH, cut after <see cref="MaxBytes"/>.</summary>
    public static string Printable(ReadOnlySpan<byte> bytes, int maxBytes = MaxBytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes[..Math.Min(bytes.Length, maxBytes)])
        {
            if (b is >= 0x20 and < 0x7F)
            {
                text.Append((char)b);
            }
            else
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{b:x2}");
            }
        }

        return bytes.Length > maxBytes ? text.Append("...").ToString() : text.ToString();
    }
}
