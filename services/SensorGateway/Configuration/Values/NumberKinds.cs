using System.Globalization;
using System.Text.Json;

namespace SensorGateway.Configuration.Values;

/// <summary>A whole number. Values are <see cref="int"/>.</summary>
internal sealed class IntegerKind(int min, int max) : ScalarKind
{
    /// <inheritdoc/>
    public override string Expected => $"a whole number, {Bounds}";

    /// <inheritdoc/>
    public override string Bounds => string.Create(CultureInfo.InvariantCulture, $"{min} to {max}");

    /// <inheritdoc/>
    public override Reading Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return Reading.Of(value);
        }

        return text.Length > 0 && text.AsSpan().TrimStart("+-").ContainsAnyExceptInRange('0', '9')
            ? Reading.Bad($"is {Printable.Quote(text)}, not a whole number", $"use {Bounds}")
            : Reading.Bad($"is {Printable.Short(text)}", $"use {Bounds}");
    }

    /// <inheritdoc/>
    public override string Text(object value) => ((int)value).ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "integer");
        json.WriteNumber("minimum", min);
        json.WriteNumber("maximum", max);
    }
}

/// <summary>A whole number, or <c>auto</c>, which is 0. Values are <see cref="int"/>.</summary>
internal sealed class AutoOrIntegerKind(int min, int max) : ScalarKind
{
    private readonly IntegerKind _number = new(min, max);

    /// <inheritdoc/>
    public override string Expected => $"auto or {_number.Expected}";

    /// <inheritdoc/>
    public override string Bounds => $"auto, or {_number.Bounds}";

    /// <inheritdoc/>
    public override Reading Parse(string text)
    {
        if (text == "auto")
        {
            return Reading.Of(0);
        }

        var reading = _number.Parse(text);
        return reading.Value is null ? Reading.Bad(reading.Problem, $"use {Bounds}") : reading;
    }

    /// <inheritdoc/>
    public override string Text(object value) => (int)value == 0 ? "auto" : _number.Text(value);

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteStartArray("type");
        json.WriteStringValue("integer");
        json.WriteStringValue("string");
        json.WriteEndArray();
        json.WriteString("pattern", "^auto$");
        json.WriteNumber("minimum", min);
        json.WriteNumber("maximum", max);
    }
}
