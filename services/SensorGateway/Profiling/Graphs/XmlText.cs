using System.Text;
using System.Xml;

namespace SensorGateway.Profiling.Graphs;

/// <summary>Names from traces as text of an SVG: whatever they hold, they stay text.</summary>
internal static class XmlText
{
    /// <summary>Escaped for content and for attributes in double quotes; characters that XML lacks become '?'.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                < ' ' or 0x7f or (>= 0x80 and < 0xa0) => escaped.Append('?'),
                _ when rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) => escaped.Append('?'),
                _ => escaped.Append(rune),
            };
        }

        return escaped.ToString();
    }
}
