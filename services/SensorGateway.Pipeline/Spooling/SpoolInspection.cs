using SensorGateway.Pipeline.Spooling.Files;
using SensorGateway.Pipeline.Spooling.Segments;

namespace SensorGateway.Pipeline.Spooling;

/// <summary>One file of a spool as somebody sees it who only looks.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Alerts">Sound alerts in it.</param>
/// <param name="OldestMilliseconds">When its first alert was stored, since 1970; 0 when there is none.</param>
/// <param name="DamagedBytes">Bytes between sound alerts that are none.</param>
/// <param name="TornBytes">Bytes behind the last sound alert that are none: what a crash leaves.</param>
/// <param name="Problem">Why it could not be read; else null.</param>
public sealed record SpoolFileReport(
    string File, long Bytes, long Alerts, long OldestMilliseconds, long DamagedBytes, long TornBytes, string? Problem)
{
    /// <summary>Nothing wrong with it that a crash does not do.</summary>
    public bool IsSound => DamagedBytes == 0 && Problem is null && (TornBytes == 0 || Alerts > 0);
}

/// <summary>Looks at a spool without touching it, whoever works with it.</summary>
public static class SpoolInspection
{
    private const long FileBytesMax = 256L * 1024 * 1024; // No segment comes near it.

    /// <summary>All segments, oldest first, and the files that were put aside.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Neither.</exception>
    public static (IReadOnlyList<SpoolFileReport> Segments, IReadOnlyList<string> PutAside) Look(string folder)
    {
        using var files = new DiskFiles(folder);
        var names = files.List();
        return (
            [
                .. names.Where(static file => SegmentHeader.TryParseName(file.Name, out _))
                    .OrderBy(static file => file.Name, StringComparer.Ordinal)
                    .Select(file => Look(files, file.Name)),
            ],
            [
                .. names.Select(static file => file.Name)
                    .Where(static name => name.EndsWith(SegmentHeader.BadSuffix, StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal),
            ]);
    }

    private static SpoolFileReport Look(DiskFiles files, string name)
    {
        try
        {
            using var file = files.OpenRead(name);
            if (file.Length > FileBytesMax)
            {
                return new SpoolFileReport(name, file.Length, 0, 0, 0, 0, "is longer than any segment");
            }

            var data = new byte[file.Length];
            var length = file.Read(data, 0);
            return Walk(name, data.AsSpan(0, length));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new SpoolFileReport(name, 0, 0, 0, 0, 0, failure.Message);
        }
    }

    private static SpoolFileReport Walk(string name, ReadOnlySpan<byte> data)
    {
        var (alerts, oldest, damaged, open) = (0L, 0L, SegmentHeader.IsSound(data) ? 0L : SegmentHeader.Bytes, 0L);
        for (var at = SegmentHeader.Bytes; at < data.Length;)
        {
            var part = SegmentParser.Read(data[at..], isWhole: true, out var record, out var bytes);
            at += bytes;
            if (part == SegmentPart.Record)
            {
                oldest = alerts++ == 0 ? record.Head.SavedAtMilliseconds : oldest;
                damaged += open;
                open = 0;
            }
            else
            {
                open += part == SegmentPart.Damage ? bytes : 0;
            }
        }

        return new SpoolFileReport(name, data.Length, alerts, oldest, damaged, open, null);
    }
}
