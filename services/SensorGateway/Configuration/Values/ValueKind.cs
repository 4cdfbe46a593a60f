using System.Collections.Immutable;
using System.Text.Json;
using SensorGateway.Configuration.Yaml;

namespace SensorGateway.Configuration.Values;

/// <summary>One text of a value, with references already replaced.</summary>
internal readonly record struct RawText(string Text, Place Place);

/// <summary>A value as one layer gave it, before its kind was asked what it means.</summary>
/// <param name="Items">One for a scalar.</param>
/// <param name="IsList">Written as a list.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="Written">The scalar before references were replaced: what may be printed of a secret.</param>
internal sealed record RawValue(ImmutableArray<RawText> Items, bool IsList, Place Place, string Written);

/// <summary>What a text means, or what is wrong with it.</summary>
internal readonly record struct Reading(object? Value, string Problem, string Fix)
{
    public static Reading Of(object value) => new(value, "", "");

    public static Reading Bad(string problem, string fix) => new(null, problem, fix);
}

/// <summary>The type of a key: reads, prints and describes its values.</summary>
internal abstract class ValueKind
{
    /// <summary>For a sentence: <c>a size such as 64KiB</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>For a table: <c>64B to 1MiB</c>; empty when there are none.</summary>
    public virtual string Bounds => "";

    /// <summary>The value, or null and a problem.</summary>
    public abstract object? Read(RawValue raw, string key, List<ConfigProblem> problems);

    /// <summary>The value as YAML that <see cref="Read"/> takes again.</summary>
    public abstract string Show(object value);

    /// <summary>Writes the members of this kind's JSON Schema.</summary>
    public abstract void WriteSchema(Utf8JsonWriter json);
}

/// <summary>A kind whose values are one text.</summary>
internal abstract class ScalarKind : ValueKind
{
    /// <summary>What the text means.</summary>
    public abstract Reading Parse(string text);

    /// <summary>The value as <see cref="Parse"/> takes it, not quoted.</summary>
    public abstract string Text(object value);

    /// <inheritdoc/>
    public override object? Read(RawValue raw, string key, List<ConfigProblem> problems)
    {
        if (raw.IsList)
        {
            problems.Add(raw.Place.Problem(key, "is a list", $"write one value: {Expected}"));
            return null;
        }

        return Read(raw.Items[0], key, problems);
    }

    /// <summary>The meaning of one text, or null and a problem.</summary>
    public object? Read(RawText raw, string key, List<ConfigProblem> problems)
    {
        var reading = Parse(raw.Text);
        if (reading.Value is null)
        {
            problems.Add(raw.Place.Problem(key, reading.Problem, reading.Fix));
        }

        return reading.Value;
    }

    /// <inheritdoc/>
    public override string Show(object value) => YamlQuote.Scalar(Text(value));
}
