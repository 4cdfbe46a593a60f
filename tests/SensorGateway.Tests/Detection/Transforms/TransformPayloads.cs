using System.Text;

namespace SensorGateway.Tests.Detection.Transforms;

/// <summary>Random payloads in which encodings of every kind, whole, cut and nested, are frequent.</summary>
internal sealed class TransformPayloads(int seed)
{
    private static readonly string[] Pieces =
    [
        "%3c", "%3C", "%", "%4", "%zz", "%u003c", "%ud800", "%c0%af", "+", "&lt;", "&lt", "&#60;", "&#x3c", "&#", "&#x;", "&#0;",
        "&#9999999999;", "&colon;", "&amp;lt;", "&#8364;", "%26lt%3b", "abba", "a1-b", "B", "\n", "\0", "\xe9", "a\0b\0b\0a\0",
        "\0a\0b\0b\0a", "YWJiYQ==", "YWJiYSBhYmJhIGFiYmE=", "YWJiYSBhYmJhIGFiYmEx", "-_-_-_-_-_-_-_-_-", "=", "\xff\xfe",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A payload of at most this many bytes.</summary>
    public byte[] Next(int bytesMax)
    {
        var text = new StringBuilder();
        while (text.Length < bytesMax)
        {
            text.Append(_random.Next(8) switch
            {
                0 => ((char)_random.Next(256)).ToString(),
                1 => Convert.ToBase64String(Encoding.Latin1.GetBytes(Pieces[_random.Next(Pieces.Length)] + " and so on")),
                2 => Uri.HexEscape((char)_random.Next(256)),
                _ => Pieces[_random.Next(Pieces.Length)],
            });
        }

        return Encoding.Latin1.GetBytes(text.ToString(0, Math.Min(text.Length, bytesMax)));
    }
}
