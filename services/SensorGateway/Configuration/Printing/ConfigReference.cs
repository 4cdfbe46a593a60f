using SensorGateway.Configuration.Schema;

namespace SensorGateway.Configuration.Printing;

/// <summary>Writes the reference of all keys as Markdown; the file beside the program is made by it.</summary>
internal static class ConfigReference
{
    public static void Write(TextWriter output)
    {
        output.WriteLine("# Configuration reference");
        output.WriteLine();
        output.WriteLine(
            "One YAML file. Sizes are written `512B`, `64KiB`, `16MiB`, `1GiB`; durations `250us`, `10ms`, `1s`, `5m`, "
                + "`1h`. Any value may be `${VAR}`, `${VAR:-default}`, `${VAR:?message}` or `${file:PATH}`. A flag "
                + "(`--set ring.slots=8192`) goes before an environment variable (`SENSORGATEWAY__RING__SLOTS=8192`), "
                + "that before the file, and the file before the profile.");
        output.WriteLine();
        output.WriteLine("This file is what `sensor-gateway config reference` prints.");
        WriteTable(output, "Keys", ConfigSchema.Keys.Where(key => !key.IsOfSource));
        WriteTable(output, "Keys of each source", ConfigSchema.Keys.Where(key => key.IsOfSource));
        output.WriteLine();
        output.WriteLine("## Profiles");
        output.WriteLine();
        output.WriteLine("A profile is a named set of defaults. They differ in these keys:");
        output.WriteLine();
        output.WriteLine("```");
        ProfileDifferences.Write(ConfigProfiles.Names, output);
        output.WriteLine("```");
    }

    private static void WriteTable(TextWriter output, string title, IEnumerable<ConfigKey> keys)
    {
        output.WriteLine();
        output.WriteLine($"## {title}");
        output.WriteLine();
        output.WriteLine("| key | value | default | what it does |");
        output.WriteLine("|---|---|---|---|");
        foreach (var key in keys.Where(key => key.IsBuilt))
        {
            var name = key.IsOfSource ? key.Name : key.Path;
            output.WriteLine($"| `{name}` | {Cell(Allowed(key))} | {Cell(Default(key))} | {Cell(key.Doc + For(key))} |");
        }
    }

    private static string Allowed(ConfigKey key) =>
        key.Kind.Bounds.Length == 0 || key.Kind.Expected.Contains(key.Kind.Bounds, StringComparison.Ordinal)
            ? key.Kind.Expected
            : $"{key.Kind.Expected}; {key.Kind.Bounds}";

    private static string Default(ConfigKey key) => key.Default is { } value
        ? $"`{value.Trim('"')}`"
        : key.DefaultNote ?? (key.RequiredFor != SourceKinds.None ? "required" : "none");

    private static string For(ConfigKey key) => key.IsOfSource && key.For != SourceKinds.All
        ? $" Only for {string.Join(" and ", Enum.GetValues<SourceKinds>()
            .Where(kind => kind is SourceKinds.Tcp or SourceKinds.Unix or SourceKinds.Udp && key.For.HasFlag(kind))
            .Select(kind => kind.ToString().ToLowerInvariant()))}."
        : "";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
