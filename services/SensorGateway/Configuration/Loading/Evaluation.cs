using SensorGateway.Configuration.Schema;
using SensorGateway.Configuration.Values;
using SensorGateway.Configuration.Yaml;

namespace SensorGateway.Configuration.Loading;

/// <summary>Decides for every key which layer holds and asks the key's kind what its text means.</summary>
internal sealed class Evaluation(ConfigInput input, ConfigDraft draft, List<ConfigProblem> problems)
{
    private const string Mask = "\"********\"";

    private readonly Place _file = new(input.File, 1, 1);

    /// <summary>All keys outside sources, by path.</summary>
    public EffectiveValues ReadSettings()
    {
        var values = new EffectiveValues();
        var profile = ConfigSchema.ByPath["profile"];
        var profileValue = Read(profile, profile.Path, draft.Values.GetValueOrDefault(profile.Path), profile.Default, "default");
        var profileName = profileValue?.Value as string ?? ConfigProfiles.Balanced;
        var profileDefaults = ConfigProfiles.Of(profileName);
        foreach (var key in ConfigSchema.ByPath.Values.Where(key => key.IsBuilt))
        {
            var value = key == profile ? profileValue : profileDefaults.TryGetValue(key.Path, out var differing)
                ? Read(key, key.Path, draft.Values.GetValueOrDefault(key.Path), differing, $"profile {profileName}")
                : Read(key, key.Path, draft.Values.GetValueOrDefault(key.Path), DefaultOf(key), "default");
            if (value is not null)
            {
                values.Add(key.Path, value);
            }
        }

        return values;
    }

    /// <summary>All keys of one source, by name. Keys its type does not have, and missing ones, are problems.</summary>
    public EffectiveValues ReadSource(SourceDraft source)
    {
        var values = new EffectiveValues();
        var type = ReadOfSource(ConfigSchema.BySourceName["type"], source, null);
        var kind = KindOf(type?.Value as string);
        foreach (var key in ConfigSchema.BySourceName.Values)
        {
            var given = source.Values.GetValueOrDefault(key.Name);
            var path = $"{source.Label}.{key.Name}";
            if (given is null && (key.RequiredFor & kind) == kind)
            {
                problems.Add(source.Place.Problem(path, "is missing", $"add {key.Name}: {key.Kind.Expected}"));
            }
            else if (given is not null && (key.For & kind) == 0)
            {
                problems.Add(given.Place.Problem(path, $"does not apply to type {type!.Value}", "remove it"));
            }
            else if ((key.For & kind) != 0
                && (key.Name == "type" ? type : ReadOfSource(key, source, DefaultOf(key, kind))) is { } value)
            {
                values.Add(key.Name, value);
            }
        }

        return values;
    }

    private EffectiveValue? ReadOfSource(ConfigKey key, SourceDraft source, string? standard) =>
        Read(key, $"{source.Label}.{key.Name}", source.Values.GetValueOrDefault(key.Name), standard, "default");

    private EffectiveValue? Read(ConfigKey key, string path, Given? given, string? standard, string standardOrigin)
    {
        var raw = given is not null ? given.Raw : standard is not null ? FromDefault(key, standard) : null;
        if (raw is null || key.Kind.Read(raw, path, problems) is not { } value)
        {
            return null;
        }

        return new EffectiveValue(path, key, value, Show(key, value, raw), given?.Origin ?? standardOrigin, raw.Place);
    }

    private static string Show(ConfigKey key, object value, RawValue raw)
    {
        // A reference to a secret is no secret, and loads again; the secret itself is never printed.
        var isReference = raw.Written.StartsWith("${", StringComparison.Ordinal)
            && raw.Written.IndexOf('}', StringComparison.Ordinal) == raw.Written.Length - 1
            && !raw.Written.Contains(":-", StringComparison.Ordinal);
        return !key.IsSecret ? key.Kind.Show(value) : isReference ? $"\"{raw.Written}\"" : Mask;
    }

    private RawValue FromDefault(ConfigKey key, string text)
    {
        var unquoted = text.Trim('"');
        if (key.Kind is ListKind)
        {
            var items = unquoted.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new RawValue([.. items.Select(item => new RawText(item, _file))], true, _file, "");
        }

        return new RawValue([new RawText(unquoted, _file)], false, _file, "");
    }

    private string? DefaultOf(ConfigKey key, SourceKinds kind = SourceKinds.None) => key.Path switch
    {
        "gateway.name" => input.HostName,
        "sources.*.overload" => kind == SourceKinds.Udp ? "drop" : "block",
        _ => key.Default,
    };

    private static SourceKinds KindOf(string? type) => type switch
    {
        "tcp" => SourceKinds.Tcp,
        "unix" => SourceKinds.Unix,
        "udp" => SourceKinds.Udp,
        _ => SourceKinds.All, // Unknown: whatever stands there might apply, and nothing more is missing.
    };
}
