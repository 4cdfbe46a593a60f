using System.Buffers.Binary;

namespace SensorGateway.Pipeline.Spooling.Segments;

/// <summary>What lies at a place of a segment.</summary>
internal enum SegmentPart
{
    /// <summary>A sound record.</summary>
    Record,

    /// <summary>Bytes that are no record; a sound one, or the end, follows.</summary>
    Damage,

    /// <summary>The data given ends before it can be told.</summary>
    NeedsMore,

    /// <summary>Nothing follows but zeros: room that was reserved and never written.</summary>
    End,
}

/// <summary>Reads what may be anything: a sound segment, a torn one, zeros, or noise.</summary>
/// <remarks>
/// After damage it looks for the next sound record, so that a flipped bit costs one alert and not the rest of the file.
/// No sensor can forge a record inside its payload: a header holds zero bytes, and JSON text never does.
/// </remarks>
internal static class SegmentParser
{
    /// <summary>Tells what lies at the start of the data.</summary>
    /// <param name="data">From a multiple of eight bytes into the segment on.</param>
    /// <param name="isWhole">Nothing follows the data in the segment.</param>
    /// <param name="record">The record, when it is one.</param>
    /// <param name="bytes">Bytes to step over.</param>
    public static SegmentPart Read(ReadOnlySpan<byte> data, bool isWhole, out SpoolRecordView record, out int bytes)
    {
        if (SpoolRecord.TryRead(data, out record, out bytes))
        {
            return SegmentPart.Record;
        }

        if (!isWhole && (data.Length < SpoolRecord.HeaderBytes || bytes > data.Length))
        {
            bytes = 0;
            return SegmentPart.NeedsMore;
        }

        for (var at = SpoolRecord.Alignment; at + SpoolRecord.HeaderBytes <= data.Length; at += SpoolRecord.Alignment)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(data[at..]) == SpoolRecord.Mark
                && (SpoolRecord.TryRead(data[at..], out _, out var claimed) || (!isWhole && claimed > data.Length - at)))
            {
                bytes = at;
                return SegmentPart.Damage;
            }
        }

        if (isWhole)
        {
            bytes = data.Length;
            return data.ContainsAnyExcept((byte)0) ? SegmentPart.Damage : SegmentPart.End;
        }

        // The last bytes may begin a record that the next window shows whole.
        bytes = (data.Length - SpoolRecord.HeaderBytes) / SpoolRecord.Alignment * SpoolRecord.Alignment
            + SpoolRecord.Alignment;
        return data.ContainsAnyExcept((byte)0) ? SegmentPart.Damage : SegmentPart.End;
    }
}
