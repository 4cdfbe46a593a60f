using System.Collections.Immutable;

namespace SensorGateway.Configuration.Yaml;

/// <summary>A place in a file, or in a flag or variable, where there are no lines. Counts from 1.</summary>
internal readonly record struct Place(string File, int Line, int Column)
{
    /// <summary>A problem of this place.</summary>
    public ConfigProblem Problem(string key, string problem, string fix) =>
        new(File, Line, Column, new OptionProblem(key, problem, fix));
}

/// <summary>Part of a YAML document. All scalars are text: the schema, not YAML, knows what <c>off</c> means.</summary>
internal abstract record YamlItem(Place Place);

/// <summary>A scalar.</summary>
internal sealed record YamlText(Place Place, string Text, bool IsPlain) : YamlItem(Place)
{
    /// <summary>True for <c>key:</c>, <c>key: ~</c> and <c>key: null</c>.</summary>
    public bool IsNothing => IsPlain && Text is "" or "~" or "null";
}

/// <summary>A sequence.</summary>
internal sealed record YamlList(Place Place, ImmutableArray<YamlItem> Items) : YamlItem(Place);

/// <summary>A mapping without duplicate keys.</summary>
internal sealed record YamlMap(Place Place, ImmutableArray<YamlEntry> Entries) : YamlItem(Place);

/// <summary>One key of a mapping with its value.</summary>
internal readonly record struct YamlEntry(YamlText Key, YamlItem Value);
