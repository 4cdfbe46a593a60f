using System.Buffers.Text;

namespace SensorGateway.LoadTest.Measuring;

/// <summary>What stands next in a stream from nats-server.</summary>
internal enum NatsItem
{
    /// <summary>The rest has not arrived yet.</summary>
    Incomplete,

    /// <summary>A message; its body is given.</summary>
    Message,

    /// <summary>PING: answer with PONG.</summary>
    Ping,

    /// <summary>-ERR; the body is its text.</summary>
    Error,

    /// <summary>INFO, +OK or PONG.</summary>
    Other,

    /// <summary>Not NATS.</summary>
    Malformed,
}

/// <summary>Cuts a stream from nats-server into items, without copying.</summary>
internal static class NatsMessageScanner
{
    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>Reads one item at the head of <paramref name="unread"/>.</summary>
    /// <param name="unread">Bytes not consumed so far.</param>
    /// <param name="consumed">Bytes of the item; 0 when incomplete or malformed.</param>
    /// <param name="body">Body of a message without headers, or text of an error.</param>
    public static NatsItem Read(ReadOnlySpan<byte> unread, out int consumed, out ReadOnlySpan<byte> body)
    {
        consumed = 0;
        body = default;
        var lineBytes = unread.IndexOf(LineEnd);
        if (lineBytes < 0)
        {
            return NatsItem.Incomplete;
        }

        var line = unread[..lineBytes];
        var afterLine = lineBytes + LineEnd.Length;
        if (line.StartsWith("MSG "u8) || line.StartsWith("HMSG "u8))
        {
            return ReadBody(line, unread[afterLine..], afterLine, ref consumed, ref body);
        }

        consumed = afterLine;
        if (line.StartsWith("-ERR"u8))
        {
            body = line;
            return NatsItem.Error;
        }

        return line.SequenceEqual("PING"u8) ? NatsItem.Ping : NatsItem.Other;
    }

    private static NatsItem ReadBody(
        ReadOnlySpan<byte> line, ReadOnlySpan<byte> rest, int afterLine, ref int consumed, ref ReadOnlySpan<byte> body)
    {
        // MSG subject sid [reply] total; HMSG subject sid [reply] headers total.
        var headerBytes = 0;
        var lastSpace = line.LastIndexOf((byte)' ');
        if (!TryParse(line[(lastSpace + 1)..], out var totalBytes))
        {
            return NatsItem.Malformed;
        }

        if (line[0] == (byte)'H')
        {
            var before = line[..lastSpace];
            if (!TryParse(before[(before.LastIndexOf((byte)' ') + 1)..], out headerBytes) || headerBytes > totalBytes)
            {
                return NatsItem.Malformed;
            }
        }

        if (rest.Length - LineEnd.Length < totalBytes)
        {
            return NatsItem.Incomplete;
        }

        if (!rest[totalBytes..].StartsWith(LineEnd))
        {
            return NatsItem.Malformed;
        }

        consumed = afterLine + totalBytes + LineEnd.Length;
        body = rest[headerBytes..totalBytes];
        return NatsItem.Message;
    }

    private static bool TryParse(ReadOnlySpan<byte> digits, out int value) =>
        Utf8Parser.TryParse(digits, out value, out var used) && used == digits.Length && value >= 0;
}
