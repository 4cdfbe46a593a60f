using System.Globalization;
using SensorGateway.Configuration.Schema;
using SensorGateway.Configuration.Yaml;

namespace SensorGateway.Configuration.Loading;

/// <summary>Fills a draft from the file: checks names and shapes, leaves meanings to the kinds.</summary>
internal sealed class FileLayer(ConfigDraft draft, RawValues raw, List<ConfigProblem> problems)
{
    /// <summary>Reads the whole document.</summary>
    public void Read(YamlItem root)
    {
        if (root is YamlMap map)
        {
            ReadSection(map, "");
        }
        else if (root is not YamlText { IsNothing: true })
        {
            problems.Add(root.Place.Problem("YAML", "is not a mapping of keys", "begin with lines such as sources:"));
        }
    }

    private void ReadSection(YamlMap map, string section)
    {
        foreach (var (name, value) in map.Entries)
        {
            var path = section.Length == 0 ? name.Text : $"{section}.{name.Text}";
            if (path == "sources")
            {
                ReadSources(value);
            }
            else if (ConfigSchema.ByPath.TryGetValue(path, out var key))
            {
                ReadKey(key, path, name, value, draft.Values);
            }
            else if (ConfigSchema.IsUnbuiltSection(path))
            {
                problems.Add(NotInThisVersion(name, path));
            }
            else if (ConfigSchema.Sections.Contains(path))
            {
                ReadSubsection(value, path);
            }
            else
            {
                problems.Add(UnknownKeys.Problem(name.Place, path, section, name.Text));
            }
        }
    }

    private void ReadSubsection(YamlItem value, string path)
    {
        if (value is YamlMap inner)
        {
            ReadSection(inner, path);
        }
        else if (value is not YamlText { IsNothing: true })
        {
            var sample = ConfigSchema.NamesIn(path).First();
            problems.Add(value.Place.Problem(path, "is not a section of keys", $"write keys below it, such as {path}: {{ {sample}: ... }}"));
        }
    }

    private void ReadKey(ConfigKey key, string path, YamlText name, YamlItem value, Dictionary<string, Given> into)
    {
        if (!key.IsBuilt)
        {
            problems.Add(NotInThisVersion(name, path));
        }
        else if (raw.Of(value, key, path) is { } read)
        {
            into[key.IsOfSource ? key.Name : path] =
                new Given(read, string.Create(CultureInfo.InvariantCulture, $"{read.Place.File}:{read.Place.Line}"));
        }
        else
        {
            // Known to be there but broken, and already reported: it must not be reported as missing too.
            into[key.IsOfSource ? key.Name : path] = Given.Broken(name.Place);
        }
    }

    private void ReadSources(YamlItem value)
    {
        if (value is not YamlList list)
        {
            if (value is not YamlText { IsNothing: true })
            {
                problems.Add(value.Place.Problem("sources", "is not a list", "begin each source with a dash: - { id: field-tcp, type: tcp, ... }"));
            }

            return;
        }

        foreach (var item in list.Items)
        {
            if (item is YamlMap map)
            {
                ReadSource(map);
            }
            else
            {
                problems.Add(item.Place.Problem(
                    string.Create(CultureInfo.InvariantCulture, $"sources[{draft.Sources.Count}]"), "is not a section of keys", "write it as - { id: field-tcp, type: tcp, ... }"));
            }
        }
    }

    private void ReadSource(YamlMap map)
    {
        var id = map.Entries.FirstOrDefault(entry => entry.Key.Text == "id").Value as YamlText;
        var label = id is { IsNothing: false } && Texts.CheckSourceId(id.Text) is null
            ? $"sources.{Printable.Short(id.Text)}"
            : string.Create(CultureInfo.InvariantCulture, $"sources[{draft.Sources.Count}]");
        var source = new SourceDraft(map.Place, label) { Id = id is { IsNothing: false } ? id.Text : null };
        if (source.Id is not null && draft.Sources.Find(other => other.Id == source.Id) is { } first)
        {
            problems.Add(id!.Place.Problem(
                "sources", $"has the id {Printable.Quote(source.Id)} twice, first in line {first.Place.Line.ToString(CultureInfo.InvariantCulture)}", "give each source its own id"));
        }

        draft.Sources.Add(source);
        foreach (var (name, value) in map.Entries)
        {
            var path = $"{label}.{name.Text}";
            if (ConfigSchema.BySourceName.TryGetValue(name.Text, out var key))
            {
                ReadKey(key, path, name, value, source.Values);
            }
            else
            {
                problems.Add(UnknownKeys.OfSource(name.Place, $"{label}.{Printable.Short(name.Text)}", name.Text));
            }
        }
    }

    private static ConfigProblem NotInThisVersion(YamlText name, string path) =>
        name.Place.Problem(path, "is not in this version", "remove it");
}
