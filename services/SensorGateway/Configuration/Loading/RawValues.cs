using System.Collections.Immutable;
using SensorGateway.Configuration.Schema;
using SensorGateway.Configuration.Values;
using SensorGateway.Configuration.Yaml;

namespace SensorGateway.Configuration.Loading;

/// <summary>Turns YAML, variables and flags into raw values with their references replaced.</summary>
internal sealed class RawValues(References references, List<ConfigProblem> problems)
{
    /// <summary>The value of a YAML item, or null and a problem.</summary>
    public RawValue? Of(YamlItem item, ConfigKey key, string path)
    {
        switch (item)
        {
            case YamlText { IsNothing: true }:
                problems.Add(item.Place.Problem(path, "has no value", $"write {key.Kind.Expected}, or remove the key"));
                return null;
            case YamlText text:
                return Of(text.Text, text.Place, path);
            case YamlList list:
                return OfList(list, key, path);
            default:
                problems.Add(item.Place.Problem(path, "is a section", $"write {key.Kind.Expected}"));
                return null;
        }
    }

    /// <summary>The value of a flag or variable; <c>[a, b]</c> is a list where the kind takes lists.</summary>
    public RawValue? OfText(string text, Place place, ConfigKey key, string path)
    {
        if (key.Kind is ScalarKind || !text.StartsWith('['))
        {
            return Of(text, place, path);
        }

        var broken = new List<ConfigProblem>();
        if (YamlReader.Read(text, place.File, broken) is YamlList list && broken.Count == 0)
        {
            // Lines and columns inside a flag help nobody.
            var flat = list with { Place = place, Items = [.. list.Items.Select(item => item with { Place = place })] };
            return OfList(flat, key, path);
        }

        problems.Add(place.Problem(path, $"is {Printable.Quote(text)}, which is no list", "write it as [a, b]"));
        return null;
    }

    private RawValue? Of(string text, Place place, string path) =>
        references.Replace(text, place, path) is { } value ? new RawValue([new RawText(value, place)], false, place, text) : null;

    private RawValue? OfList(YamlList list, ConfigKey key, string path)
    {
        var items = ImmutableArray.CreateBuilder<RawText>(list.Items.Length);
        foreach (var item in list.Items)
        {
            if (item is not YamlText text)
            {
                problems.Add(item.Place.Problem(path, "holds a list or section", $"write {key.Kind.Expected}"));
                return null;
            }

            if (references.Replace(text.Text, text.Place, path) is not { } value)
            {
                return null;
            }

            items.Add(new RawText(value, text.Place));
        }

        return new RawValue(items.ToImmutable(), true, list.Place, "");
    }
}
