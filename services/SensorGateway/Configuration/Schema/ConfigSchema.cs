using System.Collections.Immutable;

namespace SensorGateway.Configuration.Schema;

/// <summary>Every key of the configuration in the order people read them: the one list that everything is driven by.</summary>
internal static class ConfigSchema
{
    /// <summary>All keys.</summary>
    public static ImmutableArray<ConfigKey> Keys { get; } =
        [.. GatewayKeys.All, .. SourceKeys.All, .. DetectionKeys.All, .. PublishingKeys.All, .. ServiceKeys.All];

    /// <summary>Keys outside sources, by path.</summary>
    public static IReadOnlyDictionary<string, ConfigKey> ByPath { get; } =
        Keys.Where(key => !key.IsOfSource).ToDictionary(key => key.Path, StringComparer.Ordinal);

    /// <summary>Keys of a source, by name.</summary>
    public static IReadOnlyDictionary<string, ConfigKey> BySourceName { get; } =
        Keys.Where(key => key.IsOfSource).ToDictionary(key => key.Name, StringComparer.Ordinal);

    /// <summary>Paths that hold keys: <c>publishing</c>, <c>publishing.batch</c>.</summary>
    public static IReadOnlySet<string> Sections { get; } =
        ByPath.Keys.SelectMany(PrefixesOf).ToHashSet(StringComparer.Ordinal);

    /// <summary>The names that may stand in a section; the empty section is the file itself.</summary>
    public static IEnumerable<string> NamesIn(string section)
    {
        var prefix = section.Length == 0 ? "" : section + ".";
        return ByPath.Keys.Append("sources")
            .Where(path => path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(path => path[prefix.Length..].Split('.')[0])
            .Distinct();
    }

    /// <summary>True when nothing in the section does anything in this version.</summary>
    public static bool IsUnbuiltSection(string section) =>
        Sections.Contains(section)
        && ByPath.Values.Where(key => key.Path.StartsWith(section + ".", StringComparison.Ordinal)).All(key => !key.IsBuilt);

    private static IEnumerable<string> PrefixesOf(string path)
    {
        for (var dot = path.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = path.IndexOf('.', dot + 1))
        {
            yield return path[..dot];
        }
    }
}
