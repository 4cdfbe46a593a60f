using System.Buffers.Binary;
using System.Globalization;

namespace SensorGateway.Pipeline.Spooling.Segments;

/// <summary>
/// The first bytes of a segment, and its name. Neither is needed to read the records: they only spare a look at them.
/// </summary>
internal static class SegmentHeader
{
    public const int Bytes = 32;
    public const string Suffix = ".spool";

    /// <summary>Ends the names of segments that were put aside.</summary>
    public const string BadSuffix = ".bad";

    private const ulong Magic = 0x314C_4F4F_5053_4753; // "SGSPOOL1"
    private const int DigitsOfName = 16;

    public static string NameOf(ulong firstSequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{firstSequence:x16}{Suffix}");

    /// <summary>False when the file is no segment.</summary>
    public static bool TryParseName(string name, out ulong firstSequence)
    {
        firstSequence = 0;
        return name.Length == DigitsOfName + Suffix.Length
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && ulong.TryParse(
                name.AsSpan(0, DigitsOfName), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out firstSequence);
    }

    public static void Write(Span<byte> target, ulong firstSequence)
    {
        target[..Bytes].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], firstSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Crc32C.Of(target[12..Bytes]));
    }

    public static bool IsSound(ReadOnlySpan<byte> data) => data.Length >= Bytes
        && BinaryPrimitives.ReadUInt64LittleEndian(data) == Magic
        && BinaryPrimitives.ReadUInt32LittleEndian(data[8..]) == Crc32C.Of(data[12..Bytes]);
}
