using System.Globalization;
using System.Text.Json;
using SensorGateway.Configuration;
using SensorGateway.Pipeline.Spooling;

namespace SensorGateway.Cli.Spooling;

/// <summary><c>spool list</c> and <c>spool verify</c>: looks, touches nothing, needs no lock.</summary>
internal static class SpoolLook
{
    /// <exception cref="CommandException">There is no such folder, or it cannot be read.</exception>
    public static SpoolListing At(string folder)
    {
        try
        {
            var (segments, putAside) = SpoolInspection.Look(folder);
            return new SpoolListing(
                folder,
                segments.All(static file => file.IsSound),
                segments.Sum(static file => file.Alerts),
                segments.Sum(static file => file.Bytes),
                [.. segments.Select(static file => new SpoolListedFile(
                    file.File,
                    file.IsSound,
                    file.Bytes,
                    file.Alerts,
                    file.Alerts > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(0, file.OldestMilliseconds)) : null,
                    file.DamagedBytes,
                    file.TornBytes,
                    file.Problem))],
                putAside);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCodes.BadInput, $"{Printable.Whole(folder)}: {Printable.Whole(failure.Message.TrimEnd('.'))}; name the "
                    + "folder of publishing.spool.path with --path, or a configuration with -c.");
        }
    }

    /// <summary>Prints it; returns the exit code of <c>verify</c>.</summary>
    public static int Print(CliConsole console, SpoolListing listing, bool json, bool soundFilesToo)
    {
        if (json)
        {
            console.Out.WriteLine(JsonSerializer.Serialize(listing, SpoolJson.Default.SpoolListing));
            return listing.Ok ? ExitCodes.Success : ExitCodes.Negative;
        }

        foreach (var file in listing.Files.Where(file => soundFilesToo || !file.Ok))
        {
            var oldest = file.Oldest?.ToString("u", CultureInfo.InvariantCulture) ?? "-";
            console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Printable.Whole(file.File)}  {file.Bytes,12:N0} bytes  {file.Alerts,9:N0} alerts  oldest {oldest}{Trouble(file)}"));
        }

        foreach (var name in listing.PutAside)
        {
            console.Out.WriteLine($"{Printable.Whole(name)}  put aside by an earlier start");
        }

        var verdict = listing.Ok ? console.Color("32", "sound") : console.Color("31", "DAMAGED");
        console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Printable.Whole(listing.Folder)}: {verdict}, {listing.Alerts:N0} alerts in {listing.Files.Count:N0} files"));
        if (!listing.Ok)
        {
            console.Error.WriteLine(
                "A start sends every sound alert, puts the damaged files aside as *.bad and counts what was lost. Look at "
                + "the disk: crashes tear the ends of files and do nothing else.");
        }

        return listing.Ok ? ExitCodes.Success : ExitCodes.Negative;
    }

    private static string Trouble(SpoolListedFile file)
    {
        var parts = new List<string>();
        if (file.Problem is not null)
        {
            parts.Add(Printable.Whole(file.Problem));
        }

        if (file.DamagedBytes > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{file.DamagedBytes:N0} bytes damaged"));
        }

        if (file.TornBytes > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{file.TornBytes:N0} bytes torn at its end"));
        }

        return parts.Count == 0 ? "" : "  " + string.Join(", ", parts);
    }
}
