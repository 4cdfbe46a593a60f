using System.Buffers.Text;

namespace SensorGateway.Nats.Protocol;

/// <summary>
/// The arguments of MSG (<c>subject sid [reply] bytes</c>) and HMSG (<c>… header-bytes total-bytes</c>).
/// </summary>
internal readonly ref struct MessageLine
{
    /// <summary>No server can be configured to let a larger message through.</summary>
    public const int PayloadMaxBytes = 64 * 1024 * 1024;

    private MessageLine(ReadOnlySpan<byte> subject, int headerBytes, int totalBytes)
    {
        Subject = subject;
        HeaderBytes = headerBytes;
        TotalBytes = totalBytes;
    }

    public ReadOnlySpan<byte> Subject { get; }

    public int HeaderBytes { get; }

    /// <summary>Headers and payload, without the line end behind them.</summary>
    public int TotalBytes { get; }

    /// <summary>False when the arguments are not those of a message, or its size is beyond all limits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> arguments, bool hasHeaders, out MessageLine message)
    {
        message = default;
        Span<Range> tokens = stackalloc Range[6];
        var count = Split(arguments, tokens);
        var counts = hasHeaders ? 2 : 1;
        if (count - counts is not (2 or 3) || !TryCount(arguments[tokens[count - 1]], out var total))
        {
            return false;
        }

        var header = 0;
        if (hasHeaders && (!TryCount(arguments[tokens[count - 2]], out header) || header > total))
        {
            return false;
        }

        message = new MessageLine(arguments[tokens[0]], header, total);
        return true;
    }

    // Several spaces or tabs in a row separate like one; more tokens than any message has are an error.
    private static int Split(ReadOnlySpan<byte> text, Span<Range> tokens)
    {
        var count = 0;
        for (var start = 0; start < text.Length;)
        {
            var length = text[start..].IndexOfAny((byte)' ', (byte)'\t');
            length = length < 0 ? text.Length - start : length;
            if (length > 0)
            {
                if (count == tokens.Length)
                {
                    return 0;
                }

                tokens[count++] = new Range(start, start + length);
            }

            start += length + 1;
        }

        return count;
    }

    private static bool TryCount(ReadOnlySpan<byte> digits, out int count) =>
        Utf8Parser.TryParse(digits, out count, out var used)
        && used == digits.Length && digits[0] is >= (byte)'0' and <= (byte)'9' && count <= PayloadMaxBytes;
}
