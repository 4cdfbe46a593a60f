using SensorGateway.Pipeline.Spooling.Segments;
using SensorGateway.Tests.Simulation.Network;
using SensorGateway.Tests.Spooling;

namespace SensorGateway.Tests.Simulation.Faults;

/// <summary>What lies in the files of a spool, whoever works with them.</summary>
internal static class Stored
{
    /// <summary>The files with records.</summary>
    public static IEnumerable<string> Segments(MemoryFiles files) =>
        files.Names.Where(static name => name.EndsWith(SegmentHeader.Suffix, StringComparison.Ordinal));

    /// <summary>Ids of all sound records.</summary>
    public static HashSet<string> Ids(MemoryFiles files) =>
        Segments(files).SelectMany(name => Ids(files[name])).ToHashSet(StringComparer.Ordinal);

    /// <summary>Ids of the sound records in one file.</summary>
    public static List<string> Ids(byte[] data)
    {
        var ids = new List<string>();
        for (var at = SegmentHeader.Bytes; at < data.Length;)
        {
            if (SegmentParser.Read(data.AsSpan(at), isWhole: true, out var record, out var bytes) == SegmentPart.Record)
            {
                ids.Add(Messages.IdOf(record.Json));
            }

            at += bytes;
        }

        return ids;
    }
}
