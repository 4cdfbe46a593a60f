using SensorGateway.Configuration.Schema;
using SensorGateway.Configuration.Yaml;
using SensorGateway.Rules.Text;

namespace SensorGateway.Configuration.Loading;

/// <summary>Words the complaint about a key that does not exist, with the name that was most likely meant.</summary>
internal static class UnknownKeys
{
    /// <summary>A key that does not exist in a section.</summary>
    public static ConfigProblem Problem(Place place, string path, string section, string name)
    {
        var here = ConfigSchema.NamesIn(section).ToArray();
        if (NearestName.Of(name, here) is { } near)
        {
            return place.Problem(Printable.Short(path), "is not a key", $"the nearest is {Join(section, near)}");
        }

        // Right name, wrong section.
        var elsewhere = ConfigSchema.ByPath.Values.FirstOrDefault(key => key.Name == name)?.Path;
        return place.Problem(
            Printable.Short(path),
            "is not a key",
            elsewhere is not null
                ? $"it belongs to another section: {elsewhere}"
                : $"known here: {string.Join(", ", here)}");
    }

    /// <summary>A key that sources do not have.</summary>
    public static ConfigProblem OfSource(Place place, string path, string name)
    {
        var known = ConfigSchema.BySourceName.Keys;
        return place.Problem(
            path,
            "is not a key",
            NearestName.Of(name, known) is { } near
                ? $"the nearest is {near}"
                : $"known here: {string.Join(", ", known)}");
    }

    private static string Join(string section, string name) => section.Length == 0 ? name : $"{section}.{name}";
}
