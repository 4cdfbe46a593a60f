using SensorGateway.Configuration.Schema;

namespace SensorGateway.Configuration.Printing;

/// <summary>Prints in which keys profiles differ, side by side.</summary>
internal static class ProfileDifferences
{
    private const string KeyTitle = "key";

    /// <summary>Writes one line for each key in which the profiles are not all the same.</summary>
    public static void Write(IReadOnlyList<string> profiles, TextWriter output)
    {
        var rows = ConfigSchema.Keys.Where(key => !key.IsOfSource)
            .Select(key => (string[])[key.Path, .. profiles.Select(profile => DefaultIn(profile, key))])
            .Where(row => row.Skip(1).Distinct().Skip(1).Any())
            .Prepend([KeyTitle, .. profiles])
            .ToList();
        var widths = Enumerable.Range(0, profiles.Count + 1).Select(column => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static string DefaultIn(string profile, ConfigKey key) =>
        ConfigProfiles.Of(profile).GetValueOrDefault(key.Path) ?? key.Default ?? key.DefaultNote ?? "-";
}
