using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace SensorGateway.Pipeline.Alerts;

/// <summary>The part of the payload that an alert shows: as text when the bytes are UTF-8, else as Base64.</summary>
internal sealed class AlertPayload(int bytesMax)
{
    private readonly byte[] _excerpt = new byte[bytesMax];
    private int _payloadBytes;
    private int _copied;
    private bool _isText;

    /// <summary>Bytes shown.</summary>
    public int ShownBytes { get; private set; }

    /// <summary>Takes the head of a payload.</summary>
    public void Set(ReadOnlySpan<byte> payload)
    {
        _payloadBytes = payload.Length;
        _copied = Math.Min(payload.Length, _excerpt.Length);
        payload[.._copied].CopyTo(_excerpt);
        _isText = Utf8.IsValid(payload);
        Shrink(_copied);
    }

    /// <summary>Shows at most this many bytes; text is cut between characters.</summary>
    public void Shrink(int bytes)
    {
        var shown = Math.Min(bytes, _copied);
        ShownBytes = _isText && shown < _payloadBytes ? Utf8Cut.WholeCharacters(_excerpt.AsSpan(0, shown)) : shown;
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("bytes"u8, _payloadBytes);
        var shown = _excerpt.AsSpan(0, ShownBytes);
        if (_isText)
        {
            writer.WriteString("text"u8, shown);
        }
        else
        {
            writer.WriteBase64String("base64"u8, shown);
        }

        writer.WriteBoolean("truncated"u8, ShownBytes < _payloadBytes);
        writer.WriteEndObject();
    }
}

/// <summary>Lets the source generator call <see cref="AlertPayload.WriteTo"/>.</summary>
internal sealed class AlertPayloadConverter : JsonConverter<AlertPayload>
{
    public override AlertPayload Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Alerts are only written.");

    public override void Write(Utf8JsonWriter writer, AlertPayload value, JsonSerializerOptions options) =>
        value.WriteTo(writer);
}
