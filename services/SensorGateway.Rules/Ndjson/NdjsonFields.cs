using System.Text;
using System.Text.Json;
using SensorGateway.Rules.Files;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Text;

namespace SensorGateway.Rules.Ndjson;

/// <summary>The fields of one line, read once, asked for by name and type.</summary>
internal sealed class NdjsonFields(int line, ProblemLog problems)
{
    private static readonly string[] Known = ["id", "kind", "pattern", "nocase", "flags", "guard", "guard_nocase", "unsafe"];
    private static readonly HashSet<string> Ignored = ["required", "refused_by", "source", "licence", "why"];

    private readonly Dictionary<string, Field> _fields = new(StringComparer.Ordinal);
    private int _bytesSeen;
    private int _columnsSeen;

    /// <exception cref="JsonException">The line is no JSON object.</exception>
    /// <exception cref="InvalidOperationException">A string holds half a surrogate pair.</exception>
    public void Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a rule starts with '{'", null, 0, reader.TokenStartIndex);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var position = PositionOf(ref reader, json);
            var name = reader.GetString()!;
            reader.Read();
            if (Ignored.Contains(name))
            {
                reader.Skip();
            }
            else if (!Known.Contains(name))
            {
                problems.Add(position, $"unknown field '{RuleText.Shown(name)}'", NearestName.Cure(name, Known));
                reader.Skip();
            }
            else if (!_fields.TryAdd(name, ReadValue(ref reader, json)))
            {
                problems.Add(position, $"field '{name}' stands here twice", "keep one");
            }
        }

        reader.Read(); // Anything after the object throws here.
    }

    /// <summary>The text of a field, or null with a problem when it is no text, or missing though required.</summary>
    public WrittenText? Text(string name, bool required)
    {
        if (!_fields.TryGetValue(name, out var field))
        {
            if (required)
            {
                problems.Add(line, 1, $"this rule has no '{name}'", $"add \"{name}\": \"…\"");
            }

            return null;
        }

        return field.Texts is [var text] ? text : Wrong(field, name, "one text", "\"…\"");
    }

    /// <summary>The texts of a field that is one text or a list of them; empty when it is missing.</summary>
    public IReadOnlyList<WrittenText> Texts(string name)
    {
        if (!_fields.TryGetValue(name, out var field))
        {
            return [];
        }

        if (field.Texts is not { Count: > 0 })
        {
            Wrong(field, name, "a list of texts", "[\"…\"]");
        }

        return field.Texts ?? [];
    }

    /// <summary>True or false, or null when the field is missing or has a problem.</summary>
    public bool? Flag(string name)
    {
        if (_fields.TryGetValue(name, out var field) && field.Flag is null)
        {
            Wrong(field, name, "true or false", "true");
        }

        return field.Flag;
    }

    private WrittenText? Wrong(Field field, string name, string expected, string example)
    {
        problems.Add(field.Position, $"'{name}' is not {expected}", $"write \"{name}\": {example}");
        return null;
    }

    private Field ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var position = PositionOf(ref reader, json);
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new Field(position, [TextOf(ref reader, json)], null);
            case JsonTokenType.True or JsonTokenType.False:
                return new Field(position, null, reader.GetBoolean());
            case JsonTokenType.StartArray:
                return new Field(position, ReadTexts(ref reader, json), null);
            default:
                reader.Skip();
                return new Field(position, null, null);
        }
    }

    /// <returns>Null when the array holds anything but texts.</returns>
    private List<WrittenText>? ReadTexts(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var texts = new List<WrittenText>();
        var onlyTexts = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                texts.Add(TextOf(ref reader, json));
            }
            else
            {
                onlyTexts = false;
                reader.Skip();
            }
        }

        return onlyTexts ? texts : null;
    }

    private WrittenText TextOf(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var quote = PositionOf(ref reader, json);
        return new WrittenText(reader.GetString()!, quote with { Column = quote.Column + 1 }, !reader.ValueIsEscaped);
    }

    private SourcePosition PositionOf(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        // Tokens come in order: counting on from the last one keeps long lines linear.
        var start = (int)reader.TokenStartIndex;
        _columnsSeen += Encoding.UTF8.GetCharCount(json[_bytesSeen..start]);
        _bytesSeen = start;
        return problems.At(line, _columnsSeen + 1);
    }

    private readonly record struct Field(SourcePosition Position, IReadOnlyList<WrittenText>? Texts, bool? Flag);
}
