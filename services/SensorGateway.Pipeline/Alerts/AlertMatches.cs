using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace SensorGateway.Pipeline.Alerts;

/// <summary>The rules of one alert, gravest first. Preallocated and refilled.</summary>
internal sealed class AlertMatches
{
    /// <summary>Most matched bytes shown per rule.</summary>
    public const int TextBytesMax = 128;

    private readonly Match[] _matches;

    public AlertMatches(int capacity)
    {
        _matches = new Match[capacity];
        for (var i = 0; i < capacity; i++)
        {
            _matches[i].Text = new byte[TextBytesMax];
        }
    }

    /// <summary>How many rules are listed.</summary>
    public int Count { get; private set; }

    /// <summary>Most rules that fit.</summary>
    public int Capacity => _matches.Length;

    /// <summary>Forgets all rules.</summary>
    public void Clear() => Count = 0;

    /// <summary>Lists fewer rules: the last ones go.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);

    /// <summary>Adds a rule; <paramref name="offset"/> is negative when the place is not known.</summary>
    public void Add(
        AlertRule rule, string? title, int offset, int length, ReadOnlySpan<byte> bytes, string? transform)
    {
        ref var match = ref _matches[Count++];
        match.Rule = rule;
        match.Title = title;
        match.Offset = offset;
        match.Length = length;
        match.Transform = transform;
        match.TextBytes = 0;
        if (offset >= 0)
        {
            var text = bytes.Slice(offset, Math.Min(length, TextBytesMax));
            text.CopyTo(match.Text);
            match.TextBytes = text.Length;
        }
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        for (var i = 0; i < Count; i++)
        {
            _matches[i].WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    private struct Match
    {
        private static readonly JsonEncodedText[] SeverityJson = AlertEncoder.SeverityJson;

        public AlertRule Rule;
        public string? Title;
        public int Offset;
        public int Length;
        public string? Transform;
        public byte[] Text;
        public int TextBytes;

        public readonly void WriteTo(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, Rule.IdJson);
            if (Title is null)
            {
                writer.WriteString("title"u8, Rule.TitleJson);
            }
            else
            {
                writer.WriteString("title"u8, Title);
            }

            writer.WriteString("severity"u8, SeverityJson[(int)Rule.Severity]);
            writer.WriteStartArray("tags"u8);
            foreach (var tag in Rule.TagsJson)
            {
                writer.WriteStringValue(tag);
            }

            writer.WriteEndArray();
            if (Rule.AuthorJson is { } author)
            {
                writer.WriteString("author"u8, author);
            }

            if (Offset >= 0)
            {
                if (Transform is not null)
                {
                    writer.WriteString("transform"u8, Transform);
                }

                writer.WriteNumber("offset"u8, Offset);
                writer.WriteNumber("length"u8, Length);
                WriteText(writer);
            }

            writer.WriteEndObject();
        }

        private readonly void WriteText(Utf8JsonWriter writer)
        {
            var text = Text.AsSpan(0, TextBytes);
            if (Length > TextBytes)
            {
                text = text[..Utf8Cut.WholeCharacters(text)];
            }

            if (Utf8.IsValid(text))
            {
                writer.WriteString("text"u8, text);
            }
        }
    }
}

/// <summary>Lets the source generator call <see cref="AlertMatches.WriteTo"/>.</summary>
internal sealed class AlertMatchesConverter : JsonConverter<AlertMatches>
{
    public override AlertMatches Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Alerts are only written.");

    public override void Write(Utf8JsonWriter writer, AlertMatches value, JsonSerializerOptions options) =>
        value.WriteTo(writer);
}
