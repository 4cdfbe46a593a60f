using System.Text;

namespace SensorGateway.Rules.Literals;

/// <summary>Guesses how often a string stands in ordinary traffic, per byte of payload.</summary>
internal static class LiteralCommonness
{
    private const int BytesCounted = 8; // Words go on as they began: later bytes surprise little.
    private const double BitsOfLaterBytes = 0.5;
    private const double EverydayBits = 8;

    // Parts of these are in so many payloads that letters alone mislead.
    private static readonly string[] Everyday =
    [
        "http://www.", "https://www.", ".com/", ".php?", ".html", "<html>", " http/1.1\r\nhost: ", "get /", "post /",
        "user-agent: mozilla/5.0 (windows nt 10.0; win64; x64)", "content-type: application/json", "content-length: ",
        "accept-encoding: gzip, deflate", "accept: */*", "connection: keep-alive", "\"timestamp\":\"", "\"value\":",
        "\"id\":", "\"name\":\"", "\"status\":\"", "false", "true", "null", "error", "127.0.0.1", "192.168.", "\r\n\r\n",
        "function(", "document.", "<script></script>", "<title></title>",
        "sensor", "device", "temperature", "session", "user=", "password",
    ];

    public static double Of(RequiredLiteral literal)
    {
        var bits = 0.0;
        for (var i = 0; i < literal.Bytes.Length; i++)
        {
            bits += i < BytesCounted ? BitsOf(literal.Bytes[i], literal.NoCase) : BitsOfLaterBytes;
        }

        return bits > EverydayBits && IsEveryday(literal) ? Math.Pow(2, -EverydayBits) : Math.Pow(2, -bits);
    }

    private static bool IsEveryday(RequiredLiteral literal)
    {
        var text = Encoding.Latin1.GetString(literal.Bytes.AsSpan());
        return Everyday.Any(phrase => phrase.Contains(text, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>How surprising a byte is, in bits.</summary>
    private static double BitsOf(byte value, bool noCase) => (char)value switch
    {
        ' ' or 'e' or 't' or 'a' or 'o' or 'i' or 'n' or 's' or 'r' => 4.5,
        'q' or 'x' or 'z' or 'j' => 8,
        >= 'a' and <= 'z' => 6,
        >= '0' and <= '9' => 5.5,
        >= 'A' and <= 'Z' => noCase ? 6 : 7.5,
        '.' or ',' or ':' or '"' or '-' or '_' or '/' or '=' or '\n' or '\r' or '\0' or '\xFF' => 6,
        _ => 8,
    };
}
