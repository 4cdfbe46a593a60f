using System.Text.Json;
using System.Text.Json.Serialization;

namespace SensorGateway.Pipeline.Alerts;

/// <summary>UTF-8 text in a reused buffer, so that no string is made for it.</summary>
internal struct Utf8Text(byte[] buffer)
{
    public byte[] Buffer { get; } = buffer;

    public int Length { get; set; }

    /// <summary>The text.</summary>
    public readonly ReadOnlySpan<byte> AsSpan() => Buffer.AsSpan(0, Length);
}

/// <summary>Writes text that is already UTF-8.</summary>
internal sealed class Utf8TextConverter : JsonConverter<Utf8Text>
{
    public override Utf8Text Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Alerts are only written.");

    public override void Write(Utf8JsonWriter writer, Utf8Text value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.AsSpan());
}

/// <summary>Text that was escaped once, when it became known.</summary>
internal readonly struct EscapedText(JsonEncodedText text)
{
    private readonly JsonEncodedText _text = text;

    /// <summary>Writes the text as a value.</summary>
    public void WriteTo(Utf8JsonWriter writer) => writer.WriteStringValue(_text);
}

/// <summary>Writes text that is already escaped.</summary>
internal sealed class EscapedTextConverter : JsonConverter<EscapedText>
{
    public override EscapedText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Alerts are only written.");

    public override void Write(Utf8JsonWriter writer, EscapedText value, JsonSerializerOptions options) =>
        value.WriteTo(writer);
}
