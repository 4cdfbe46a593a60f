using System.Globalization;
using SensorGateway.Cli.Spooling;
using SensorGateway.Configuration;
using SensorGateway.Pipeline.Spooling;

namespace SensorGateway.Cli.Checking;

/// <summary>Whether the spool's folder can be written, has room, and holds nothing damaged.</summary>
internal static class SpoolCheck
{
    private const string Name = "spool";

    public static CheckedPlace Run(SpoolOptions options)
    {
        var folder = options.Folder;
        var shown = Printable.Whole(folder);
        try
        {
            if (Directory.Exists(folder))
            {
                // In the folder itself: it may be a mount of its own, or another user's.
                File.Create(Path.Combine(folder, "check"), 1, FileOptions.DeleteOnClose).Dispose();
                var free = new DriveInfo(folder).AvailableFreeSpace;
                var listing = SpoolLook.At(folder);
                if (!listing.Ok)
                {
                    return new CheckedPlace(
                        Name, false, $"{shown} is damaged; a start sends what is sound and counts the rest. See: "
                            + "sensor-gateway spool verify.");
                }

                return free + listing.Bytes < options.BytesMax
                    ? new CheckedPlace(
                        Name, false, Line($"{shown} has {free:N0} bytes free, fewer than publishing.spool.max_bytes; free space, or lower it."))
                    : new CheckedPlace(Name, true, Line($"{shown} is sound, {listing.Alerts:N0} alerts wait"));
            }

            return IsWritable(Parent(folder))
                ? new CheckedPlace(Name, true, $"{shown} will be made")
                : new CheckedPlace(Name, false, $"cannot make {shown}; make it, writable for the gateway's user alone.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CommandException)
        {
            return new CheckedPlace(
                Name, false, $"cannot use {shown} ({Printable.Whole(failure.Message.TrimEnd('.'))}); correct "
                    + "publishing.spool.path or its permissions.");
        }
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Parent(string folder)
    {
        var parent = Path.GetDirectoryName(folder) ?? folder;
        return Directory.Exists(parent) || parent == folder ? parent : Parent(parent);
    }

    private static bool IsWritable(string folder)
    {
        try
        {
            File.Create(
                Path.Combine(folder, $".sensor-gateway-check-{Environment.ProcessId}"), 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
