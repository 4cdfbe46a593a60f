using System.Text.Json;
using SensorGateway.Pipeline;

namespace SensorGateway.Configuration.Values;

/// <summary>One of a few words. Values are the words.</summary>
/// <param name="choices">What this version does.</param>
/// <param name="later">Words of the contract that this version refuses.</param>
internal sealed class ChoiceKind(string[] choices, params string[] later) : ScalarKind
{
    /// <summary>The words this version takes.</summary>
    public IReadOnlyList<string> Choices => choices;

    /// <inheritdoc/>
    public override string Expected => choices.Length == 1 ? choices[0] : $"one of {Bounds}";

    /// <inheritdoc/>
    public override string Bounds => string.Join(", ", choices);

    /// <summary>Words that other builds take: understood, documented, and refused in this one.</summary>
    public IReadOnlyList<string> NotInThisBuild { get; init; } = [];

    /// <inheritdoc/>
    public override Reading Parse(string text)
    {
        if (NotInThisBuild.Contains(text))
        {
            var others = string.Join(" or ", choices.Except(NotInThisBuild));
            return Reading.Bad($"is {text}, which is not in this build", $"use {others}, or {UpstreamPackages.HowToGet}");
        }

        if (choices.Contains(text))
        {
            return Reading.Of(text);
        }

        if (later.Contains(text))
        {
            return Reading.Bad($"is {text}, which is not in this version", $"use {Expected}");
        }

        return Reading.Bad($"is {Printable.Quote(text)}", $"use {Expected}");
    }

    /// <inheritdoc/>
    public override string Text(object value) => (string)value;

    /// <inheritdoc/>
    public override void WriteSchema(Utf8JsonWriter json)
    {
        // Editors hand true and false over as booleans, not as words.
        json.WriteStartArray("enum");
        foreach (var choice in choices)
        {
            if (choice is "true" or "false")
            {
                json.WriteBooleanValue(choice == "true");
            }
            else
            {
                json.WriteStringValue(choice);
            }
        }

        json.WriteEndArray();
    }
}
