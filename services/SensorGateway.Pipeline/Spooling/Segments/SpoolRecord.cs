using System.Buffers.Binary;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Spooling.Segments;

/// <summary>What is stored of an alert besides its bytes.</summary>
/// <param name="Sequence">Grows from record to record, over restarts too.</param>
/// <param name="SensorHash">Picks the connection again, so that a sensor keeps its order.</param>
/// <param name="SavedAtMilliseconds">Since 1970; for the age alone.</param>
/// <param name="Severity">The gravest.</param>
/// <param name="IsCopy">A connection still kept the alert when this was written: not to be sent twice by that process.</param>
internal readonly record struct SpoolHead(
    ulong Sequence, uint SensorHash, long SavedAtMilliseconds, Severity Severity, bool IsCopy);

/// <summary>One record of a segment, read in place.</summary>
internal readonly ref struct SpoolRecordView(SpoolHead head, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json)
{
    public SpoolHead Head { get; } = head;

    public ReadOnlySpan<byte> Subject { get; } = subject;

    /// <summary>The message; its id stands in it.</summary>
    public ReadOnlySpan<byte> Json { get; } = json;
}

/// <summary>
/// How a record lies in a segment: mark, CRC-32C of all that follows, lengths, sequence, then subject and JSON, filled
/// up to eight bytes. Little endian.
/// </summary>
internal static class SpoolRecord
{
    public const int HeaderBytes = 40;
    public const int Alignment = 8;

    /// <summary>Subject and JSON together; alerts are held below it.</summary>
    public const int BodyBytesMax = 384 * 1024;

    public const uint Mark = 0x3152_4753; // "SGR1"

    private const int CrcAt = 4;
    private const int BodyAt = 8;
    private const int SubjectAt = 12;
    private const int SeverityAt = 14;
    private const int FlagsAt = 15;
    private const int SequenceAt = 16;
    private const int SavedAt = 24;
    private const int SensorAt = 32;
    private const byte CopyFlag = 1;

    /// <summary>The whole record on disk.</summary>
    public static int Bytes(int bodyBytes) => (HeaderBytes + bodyBytes + Alignment - 1) & ~(Alignment - 1);

    /// <summary>Writes one record and returns its bytes; the caller has made sure of the room.</summary>
    public static int Write(Span<byte> target, in SpoolHead head, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json)
    {
        var body = subject.Length + json.Length;
        var total = Bytes(body);
        BinaryPrimitives.WriteUInt32LittleEndian(target, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(target[BodyAt..], body);
        BinaryPrimitives.WriteUInt16LittleEndian(target[SubjectAt..], (ushort)subject.Length);
        target[SeverityAt] = (byte)head.Severity;
        target[FlagsAt] = head.IsCopy ? CopyFlag : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(target[SequenceAt..], head.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(target[SavedAt..], head.SavedAtMilliseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(target[SensorAt..], head.SensorHash);
        BinaryPrimitives.WriteUInt32LittleEndian(target[(SensorAt + 4)..], 0);
        subject.CopyTo(target[HeaderBytes..]);
        json.CopyTo(target[(HeaderBytes + subject.Length)..]);
        target[(HeaderBytes + body)..total].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target[CrcAt..], Crc32C.Of(target[BodyAt..total]));
        return total;
    }

    /// <summary>True when a whole, sound record begins here.</summary>
    /// <param name="data">Any bytes.</param>
    /// <param name="record">It.</param>
    /// <param name="bytes">Its bytes; or, for a record that <paramref name="data"/> cuts off, the bytes it claims.</param>
    public static bool TryRead(ReadOnlySpan<byte> data, out SpoolRecordView record, out int bytes)
    {
        record = default;
        bytes = 0;
        if (data.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(data) != Mark)
        {
            return false;
        }

        var body = BinaryPrimitives.ReadInt32LittleEndian(data[BodyAt..]);
        var subject = BinaryPrimitives.ReadUInt16LittleEndian(data[SubjectAt..]);
        if (body is < 0 or > BodyBytesMax || subject > body || data[SeverityAt] > (byte)Severity.Critical)
        {
            return false;
        }

        bytes = Bytes(body);
        if (bytes > data.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(data[CrcAt..]) != Crc32C.Of(data[BodyAt..bytes]))
        {
            return false;
        }

        var head = new SpoolHead(
            BinaryPrimitives.ReadUInt64LittleEndian(data[SequenceAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(data[SensorAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(data[SavedAt..]),
            (Severity)data[SeverityAt],
            (data[FlagsAt] & CopyFlag) != 0);
        var end = HeaderBytes + subject;
        record = new SpoolRecordView(head, data[HeaderBytes..end], data[end..(HeaderBytes + body)]);
        return true;
    }
}
