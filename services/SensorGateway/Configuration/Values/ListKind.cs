using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace SensorGateway.Configuration.Values;

/// <summary>A list of one kind; a single value counts as a list of one. Values are arrays of <see cref="object"/>.</summary>
/// <param name="element">Kind of each item.</param>
/// <param name="itemsMin">Fewest items.</param>
/// <param name="itemsMax">Most items.</param>
internal sealed class ListKind(ScalarKind element, int itemsMin, int itemsMax) : ValueKind
{
    /// <inheritdoc/>
    public override string Expected => $"a list, each {element.Expected}";

    /// <inheritdoc/>
    public override string Bounds => string.Create(CultureInfo.InvariantCulture, $"{itemsMin} to {itemsMax} items");

    /// <inheritdoc/>
    public override object? Read(RawValue raw, string key, List<ConfigProblem> problems)
    {
        if (raw.Items.Length < itemsMin || raw.Items.Length > itemsMax)
        {
            var count = raw.Items.Length.ToString(CultureInfo.InvariantCulture);
            problems.Add(raw.Items.Length == 0
                ? raw.Place.Problem(key, "is an empty list", $"name at least one: {element.Expected}")
                : raw.Place.Problem(key, $"has {count} items", $"use {Bounds}"));
            return null;
        }

        var values = raw.Items.Select(item => element.Read(item, key, problems)).ToImmutableArray();
        return values.Contains(null) ? null : values.Cast<object>().ToImmutableArray();
    }

    /// <inheritdoc/>
    public override string Show(object value) =>
        $"[{string.Join(", ", ((ImmutableArray<object>)value).Select(element.Show))}]";

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "array");
        json.WriteNumber("minItems", itemsMin);
        json.WriteNumber("maxItems", itemsMax);
        json.WriteStartObject("items");
        element.WriteSchema(json);
        json.WriteEndObject();
    }
}
