using SensorGateway.Configuration.Schema;
using SensorGateway.Configuration.Yaml;
using SensorGateway.Rules.Text;

namespace SensorGateway.Configuration.Loading;

/// <summary>Puts environment variables and --set flags on top of a draft.</summary>
internal sealed class OverrideLayer(ConfigDraft draft, RawValues raw, List<ConfigProblem> problems)
{
    private const string VariablePrefix = "SENSORGATEWAY__";

    /// <summary>
    /// <c>SENSORGATEWAY__PUBLISHING__CONNECTIONS=8</c>; a <c>-</c> in a source's id is written <c>_</c>.
    /// </summary>
    public void ReadEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (name, value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (name.StartsWith(VariablePrefix, StringComparison.Ordinal))
            {
                var path = name[VariablePrefix.Length..].ToLowerInvariant().Replace(
                    "__", ".", StringComparison.Ordinal);
                Apply(path, value, new Place(name, 0, 0), name);
            }
        }
    }

    /// <summary>
    /// <c>publishing.connections=8</c>; sources go by id: <c>sources.field-tcp.listen=127.0.0.1:7400</c>.
    /// </summary>
    public void ReadFlags(IEnumerable<string> sets)
    {
        foreach (var set in sets)
        {
            var equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                problems.Add(
                    new Place("--set", 0, 0).Problem(Printable.Short(set), "has no value", "write --set key=value"));
            }
            else
            {
                // The value is not repeated in messages: it may be a secret.
                var path = set[..equals].Trim();
                Apply(path, set[(equals + 1)..], new Place($"--set {Printable.Short(path)}", 0, 0), "--set");
            }
        }
    }

    private void Apply(string path, string value, Place place, string origin)
    {
        if (path.StartsWith("sources.", StringComparison.Ordinal))
        {
            ApplyToSource(path, value, place, origin);
        }
        else if (ConfigSchema.ByPath.TryGetValue(path, out var key))
        {
            Put(key, path, value, place, origin, draft.Values);
        }
        else if (path == "sources" || ConfigSchema.Sections.Contains(path))
        {
            problems.Add(place.Problem(path, "is a section", $"name a key in it, such as {Sample(path)}"));
        }
        else
        {
            var dot = path.LastIndexOf('.');
            var section = dot < 0 ? "" : path[..dot];
            problems.Add(ConfigSchema.Sections.Contains(section) || section.Length == 0
                ? UnknownKeys.Problem(place, path, section, path[(dot + 1)..])
                : place.Problem(Printable.Short(path), "is not a key", NearestPath(path)));
        }
    }

    private void ApplyToSource(string path, string value, Place place, string origin)
    {
        var dot = path.LastIndexOf('.');
        var id = dot < "sources.".Length ? "" : path["sources.".Length..dot];
        var name = path[(dot + 1)..];
        var source = draft.Sources.Find(other => other.Id == id)
            ?? draft.Sources.Find(other => other.Id is not null && AsVariable(other.Id) == AsVariable(id));
        if (source is null)
        {
            var ids = draft.Sources.Where(other => other.Id is not null).Select(other => other.Id!).ToArray();
            problems.Add(place.Problem(
                Printable.Short(path),
                $"names no source of the file",
                ids.Length == 0 ? "the file has none with an id" : $"use sources.ID.KEY with one of the ids "
                    + $"{string.Join(", ", ids.Select(Printable.Short))}"));
        }
        else if (name == "id")
        {
            problems.Add(
                place.Problem(Printable.Short(path), "cannot be changed from outside", "change it in the file"));
        }
        else if (ConfigSchema.BySourceName.TryGetValue(name, out var key))
        {
            Put(key, $"{source.Label}.{name}", value, place, origin, source.Values);
        }
        else
        {
            problems.Add(UnknownKeys.OfSource(place, Printable.Short(path), name));
        }
    }

    private void Put(
        ConfigKey key, string path, string value, Place place, string origin, Dictionary<string, Given> into)
    {
        if (!key.IsBuilt)
        {
            problems.Add(place.Problem(path, "is not in this version", "remove it"));
            return;
        }

        into[key.IsOfSource ? key.Name : path] = raw.OfText(value, place, key, path) is { } read
            ? new Given(read, origin)
            : Given.Broken(place);
    }

    private static string AsVariable(string id) => id.Replace('-', '_').ToLowerInvariant();

    private static string Sample(string section) =>
        section == "sources" ? "sources.ID.listen"
            : ConfigSchema.ByPath.Keys.First(path => path.StartsWith(section + ".", StringComparison.Ordinal));

    private static string NearestPath(string path) => NearestName.Of(path, ConfigSchema.ByPath.Keys) is { } near
        ? $"the nearest is {near}"
        : "sensor-gateway config schema lists all keys";
}
