using System.Globalization;
using System.Text;

namespace SensorGateway.Pipeline.Detection.Tracing;

/// <summary>Bytes as a rule file writes them: printable ASCII as it is, all else as <c>\xHH</c>.</summary>
public static class LiteralText
{
    /// <summary>The text; safe on any terminal.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <param name="bytesMax">What is longer is cut and ends with <c>...</c>.</param>
    public static string Of(ReadOnlySpan<byte> bytes, int bytesMax = int.MaxValue)
    {
        var text = new StringBuilder();
        foreach (var value in bytes[..Math.Min(bytes.Length, bytesMax)])
        {
            if (value is >= 0x20 and < 0x7F and not (byte)'\\')
            {
                text.Append((char)value);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $@"\x{value:x2}");
            }
        }

        return text.Append(bytes.Length > bytesMax ? "..." : "").ToString();
    }
}
