using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using SensorGateway.Nats.Protocol;

namespace SensorGateway.Nats.JetStream;

/// <summary>Whole frames in a preallocated circle of bytes, each kept until the stream has answered it.</summary>
/// <remarks>
/// Owner: the sending side. Messages are numbered from 0 for as long as the log lives; the number is the last token of
/// the reply subject. Invariant: <c>released &lt;= next &lt;= appended</c>, and only frames below <c>sentHigh</c> were
/// ever sent.
/// </remarks>
internal sealed partial class AckLog
{
    public const int MinBytes = 16 * 1024;
    private const int NumberMaxBytes = 20;
    private const int BytesPerFrame = 128; // Frames are larger: reply subject and headers alone take as much.

    private readonly byte[] _bytes;
    private readonly AckFrame[] _frames;
    private readonly int _byteMask;
    private readonly int _frameMask;
    private readonly byte[] _idPrefix;
    private readonly byte[] _expectedStream;
    private long _released;
    private long _appended;
    private long _releasedEnd;
    private long _appendedEnd;

    public AckLog(int capacityBytes, string? expectedStream)
    {
        var capacity = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacityBytes, MinBytes)), 1u << 30);
        _bytes = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
        _frames = new AckFrame[capacity / BytesPerFrame];
        _byteMask = capacity - 1;
        _frameMask = _frames.Length - 1;

        // Nobody else may guess it: whoever can publish to it could confirm what no stream has.
        var name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        Inbox = $"_INBOX.{name}";
        InboxPrefix = Encoding.ASCII.GetBytes($"{Inbox}.");
        _idPrefix = Encoding.ASCII.GetBytes($"{name}-");
        _expectedStream = expectedStream is null ? [] : Encoding.UTF8.GetBytes($"Nats-Expected-Stream: {expectedStream}\r\n");
    }

    /// <summary>Subject of all answers, without the token that is the number.</summary>
    public string Inbox { get; }

    public byte[] InboxPrefix { get; }

    public int CapacityBytes => _bytes.Length;

    public long FreeBytes => _bytes.Length - (_appendedEnd - _releasedEnd);

    /// <summary>Messages settled with all before them.</summary>
    public long Released => _released;

    /// <summary>Messages to be sent, for the first time or again.</summary>
    public int Waiting { get; private set; }

    /// <summary>Messages wholly sent and not answered.</summary>
    public int InFlight { get; private set; }

    /// <summary>Headers as they go out, in bytes, at most.</summary>
    public int HeaderBytesMax(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> messageId) =>
        HeaderBytes(headers, messageId)
        + (messageId.IsEmpty ? IdLineBytes(_idPrefix) + NumberMaxBytes : 0);

    private int HeaderBytes(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> messageId) =>
        (headers.IsEmpty ? "NATS/1.0\r\n"u8.Length : headers.Length - 2) + IdLineBytes(messageId)
        + _expectedStream.Length + 2;

    /// <summary>Bytes of a frame at most.</summary>
    public long FrameBytesMax(int subjectBytes, int headerBytes, int payloadBytes) =>
        subjectBytes + InboxPrefix.Length + NumberMaxBytes + PubLine.CountsMaxBytes + headerBytes + (long)payloadBytes + 16;

    /// <summary>Copies one whole message frame. False when there is no room now.</summary>
    /// <param name="subject">Where to.</param>
    /// <param name="headers">A complete block, or empty.</param>
    /// <param name="messageId">
    /// For the stream to know a second try by. Empty: one of this log's own, unless the headers have one.
    /// </param>
    /// <param name="payload">Any bytes.</param>
    public bool TryAppend(
        ReadOnlySpan<byte> subject, ReadOnlySpan<byte> headers, scoped ReadOnlySpan<byte> messageId,
        ReadOnlySpan<byte> payload)
    {
        Span<byte> number = stackalloc byte[NumberMaxBytes];
        Utf8Formatter.TryFormat(_appended, number, out var digits);
        number = number[..digits];
        Span<byte> ownId = stackalloc byte[64];
        if (messageId.IsEmpty && headers.IndexOf("Nats-Msg-Id:"u8) < 0)
        {
            _idPrefix.CopyTo(ownId);
            number.CopyTo(ownId[_idPrefix.Length..]);
            messageId = ownId[..(_idPrefix.Length + digits)];
        }

        var headerBytes = HeaderBytes(headers, messageId);
        Span<byte> counts = stackalloc byte[PubLine.CountsMaxBytes];
        counts = counts[..PubLine.WriteCounts(counts, headerBytes, payload.Length)];
        var verb = PubLine.Verb(hasHeaders: true);
        var frameBytes = verb.Length + subject.Length + 1 + InboxPrefix.Length + digits + counts.Length + headerBytes
            + payload.Length + PubLine.LineEnd.Length;
        if (frameBytes > FreeBytes || _appended - _released == _frames.Length)
        {
            return false;
        }

        var position = _appendedEnd;
        Put(ref position, verb);
        Put(ref position, subject);
        Put(ref position, " "u8);
        Put(ref position, InboxPrefix);
        Put(ref position, number);
        Put(ref position, counts);
        PutHeaders(ref position, headers, messageId);
        Put(ref position, payload);
        Put(ref position, PubLine.LineEnd);
        _frames[(int)_appended & _frameMask] = new AckFrame
        {
            Start = _appendedEnd,
            Bytes = frameBytes,
            PayloadBytes = headerBytes + payload.Length,
        };
        _appended++;
        _appendedEnd = position;
        Waiting++;
        AppendedFrameBytes = frameBytes;
        return true;
    }

    /// <summary>Size of the frame appended last.</summary>
    public int AppendedFrameBytes { get; private set; }

    private static int IdLineBytes(ReadOnlySpan<byte> messageId) =>
        messageId.IsEmpty ? 0 : "Nats-Msg-Id: \r\n"u8.Length + messageId.Length;

    private void PutHeaders(ref long position, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> messageId)
    {
        Put(ref position, headers.IsEmpty ? "NATS/1.0\r\n"u8 : headers[..^2]);
        if (!messageId.IsEmpty)
        {
            Put(ref position, "Nats-Msg-Id: "u8);
            Put(ref position, messageId);
            Put(ref position, PubLine.LineEnd);
        }

        Put(ref position, _expectedStream);
        Put(ref position, PubLine.LineEnd);
    }

    private void Put(ref long position, ReadOnlySpan<byte> part)
    {
        var offset = (int)position & _byteMask;
        var room = Math.Min(_bytes.Length - offset, part.Length);
        part[..room].CopyTo(_bytes.AsSpan(offset));
        part[room..].CopyTo(_bytes);
        position += part.Length;
    }
}
