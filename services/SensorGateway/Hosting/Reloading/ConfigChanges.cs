using System.Collections.Immutable;
using SensorGateway.Configuration.Loading;

namespace SensorGateway.Hosting.Reloading;

/// <summary>Compares configurations key by key.</summary>
internal static class ConfigChanges
{
    /// <summary>Keys that a reload applies; everything else holds only after a restart.</summary>
    public static ImmutableHashSet<string> Live { get; } = ImmutableHashSet.Create(
        StringComparer.Ordinal, "rules.paths", "rules.hashes", "rules.watch", "detection.match_timeout", "log.level");

    /// <summary>Full names of the keys that differ, in the order of the newer configuration.</summary>
    public static IReadOnlyList<string> Between(ConfigLoadResult old, ConfigLoadResult now)
    {
        var before = Texts(old);
        var after = Texts(now);
        return
        [
            .. after.Where(pair => before.GetValueOrDefault(pair.Key) != pair.Value).Select(static pair => pair.Key),
            .. before.Keys.Where(key => !after.ContainsKey(key)),
        ];
    }

    /// <summary>Values as text, secrets in clear: for comparing, never for showing.</summary>
    private static OrderedDictionary<string, string> Texts(ConfigLoadResult loaded)
    {
        var texts = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in loaded.Sources.SelectMany(static source => source.All).Concat(loaded.Settings.All))
        {
            texts[value.Path] = value.Key.Kind.Show(value.Value);
        }

        return texts;
    }
}
