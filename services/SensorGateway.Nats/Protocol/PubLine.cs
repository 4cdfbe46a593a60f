using System.Buffers.Text;

namespace SensorGateway.Nats.Protocol;

/// <summary>The parts of a PUB or HPUB frame that are not the caller's: verb, byte counts, line ends.</summary>
/// <remarks>A frame is verb, subject, counts, headers, payload, line end, in this order and nothing between.</remarks>
internal static class PubLine
{
    public const int CountsMaxBytes = 32;

    public static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    public static ReadOnlySpan<byte> Verb(bool hasHeaders) => hasHeaders ? "HPUB "u8 : "PUB "u8;

    /// <summary>Bytes of a whole frame.</summary>
    public static long FrameBytes(int subjectBytes, int headerBytes, int payloadBytes)
    {
        var total = headerBytes + (long)payloadBytes;
        var counts = (headerBytes > 0 ? 1 + Digits(headerBytes) : 0) + 1 + Digits(total) + LineEnd.Length;
        return Verb(headerBytes > 0).Length + subjectBytes + counts + total + LineEnd.Length;
    }

    /// <summary>Writes a whole frame of <see cref="FrameBytes"/> bytes.</summary>
    public static void Write(
        Span<byte> frame, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        var verb = Verb(headers.Length > 0);
        verb.CopyTo(frame);
        subject.CopyTo(frame[verb.Length..]);
        var length = verb.Length + subject.Length;
        length += WriteCounts(frame[length..], headers.Length, payload.Length);
        headers.CopyTo(frame[length..]);
        payload.CopyTo(frame[(length + headers.Length)..]);
        LineEnd.CopyTo(frame[(length + headers.Length + payload.Length)..]);
    }

    /// <summary>Writes " payload\r\n", or " headers total\r\n" when there are headers; returns its length.</summary>
    public static int WriteCounts(Span<byte> target, int headerBytes, int payloadBytes)
    {
        var length = 0;
        if (headerBytes > 0)
        {
            length = WriteCount(target, headerBytes);
        }

        length += WriteCount(target[length..], headerBytes + payloadBytes);
        LineEnd.CopyTo(target[length..]);
        return length + LineEnd.Length;
    }

    /// <summary>True for a block the server will take: version line first, empty line last.</summary>
    public static bool IsHeaderBlock(ReadOnlySpan<byte> headers) =>
        headers.StartsWith("NATS/1.0"u8) && headers.EndsWith("\r\n\r\n"u8);

    private static int Digits(long count)
    {
        var digits = 1;
        for (; count >= 10; count /= 10)
        {
            digits++;
        }

        return digits;
    }

    private static int WriteCount(Span<byte> target, int count)
    {
        target[0] = (byte)' ';
        Utf8Formatter.TryFormat(count, target[1..], out var digits);
        return digits + 1;
    }
}
