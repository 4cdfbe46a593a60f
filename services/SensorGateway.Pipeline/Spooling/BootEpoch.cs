using System.Globalization;
using System.Text;
using SensorGateway.Pipeline.Spooling.Files;
using SensorGateway.Pipeline.Spooling.Segments;

namespace SensorGateway.Pipeline.Spooling;

/// <summary>
/// The number of a start, in milliseconds since 1970 and larger than that of any start before, whatever the clock does.
/// </summary>
/// <remarks>Stored beside the spool, because alerts of an earlier start may still lie there.</remarks>
internal static class BootEpoch
{
    public const string FileName = "epoch";

    /// <summary>A start may write this many records for each millisecond before the sequences of the next.</summary>
    public const int SequenceBits = 20;

    /// <summary>A mad value, such as one with a flipped bit, must not push the epoch out of range for ever.</summary>
    public const long Max = 1L << 42; // The year 2109.

    private const int TextBytesMax = 32;

    /// <summary>Chooses the next one and stores it.</summary>
    /// <exception cref="IOException">It cannot be stored; <paramref name="epoch"/> is good all the same.</exception>
    public static void Next(ISpoolFiles files, long nowMilliseconds, out long epoch)
    {
        epoch = nowMilliseconds;
        var known = files.List();
        foreach (var (name, _) in known)
        {
            // Sequences begin with the epoch, so even a lost file leaves a lower bound in the segments' names.
            if (SegmentHeader.TryParseName(name, out var first) && first >> SequenceBits < Max)
            {
                epoch = Math.Max(epoch, (long)(first >> SequenceBits) + 1);
            }
        }

        if (known.Any(static file => file.Name == FileName) && TryRead(files, out var stored))
        {
            epoch = Math.Max(epoch, stored + 1);
        }

        var text = Encoding.ASCII.GetBytes(epoch.ToString(CultureInfo.InvariantCulture) + "\n");
        using (var file = files.Create(FileName + ".new", 0))
        {
            file.Write(text, 0);
            file.Sync();
        }

        files.Rename(FileName + ".new", FileName);
        files.SyncFolder();
    }

    private static bool TryRead(ISpoolFiles files, out long stored)
    {
        stored = 0;
        try
        {
            using var file = files.OpenRead(FileName);
            Span<byte> text = stackalloc byte[TextBytesMax];
            text = text[..file.Read(text, 0)].TrimEnd("\n"u8);

            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out stored) && stored < Max;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
