using System.Globalization;
using System.Text.Json;

namespace SensorGateway.Configuration.Values;

/// <summary>Any text of one line, 1 to <paramref name="charactersMax"/> characters.</summary>
/// <param name="expected">For a sentence: <c>a name</c>.</param>
/// <param name="charactersMax">Longest text.</param>
/// <param name="check">What else must hold; answers the problem and fix, or null.</param>
internal sealed class TextKind(string expected, int charactersMax, Func<string, (string Problem, string Fix)?>? check = null)
    : ScalarKind
{
    /// <inheritdoc/>
    public override string Expected => expected;

    /// <inheritdoc/>
    public override Reading Parse(string text)
    {
        if (text.Length == 0)
        {
            return Reading.Bad("is empty", $"write {expected}");
        }

        if (text.Length > charactersMax)
        {
            var length = text.Length.ToString(CultureInfo.InvariantCulture);
            return Reading.Bad($"has {length} characters", string.Create(CultureInfo.InvariantCulture, $"use at most {charactersMax}"));
        }

        if (text.Any(char.IsControl))
        {
            return Reading.Bad("holds a control character", $"write {expected} on one line");
        }

        return check?.Invoke(text) is { } wrong ? Reading.Bad(wrong.Problem, wrong.Fix) : Reading.Of(text);
    }

    /// <inheritdoc/>
    public override string Text(object value) => (string)value;

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter json)
    {
        json.WriteString("type", "string");
        json.WriteNumber("minLength", 1);
        json.WriteNumber("maxLength", charactersMax);
    }
}
