using System.Text.Json;
using System.Text.Json.Serialization;
using SensorGateway.Pipeline.Alerts.Summaries;

namespace SensorGateway.Pipeline.Alerts;

/// <summary>One alert as it goes over the wire; one object is refilled for every alert. Fields are never renamed.</summary>
internal sealed class AlertMessage
{
    [JsonConverter(typeof(EscapedTextConverter))]
    public EscapedText Kind { get; } = new(JsonEncodedText.Encode("alert"));

    [JsonConverter(typeof(Utf8TextConverter))]
    public Utf8Text Id { get; set; }

    [JsonConverter(typeof(Utf8TextConverter))]
    public Utf8Text Time { get; set; }

    [JsonConverter(typeof(EscapedTextConverter))]
    public EscapedText Gateway { get; init; }

    [JsonConverter(typeof(EscapedTextConverter))]
    public EscapedText Source { get; set; }

    [JsonConverter(typeof(EscapedTextConverter))]
    public EscapedText Sensor { get; set; }

    [JsonConverter(typeof(EscapedTextConverter))]
    public EscapedText Severity { get; set; }

    [JsonConverter(typeof(AlertMatchesConverter))]
    public required AlertMatches Rules { get; init; }

    public int RulesTotal { get; set; }

    [JsonConverter(typeof(Utf8TextConverter))]
    public Utf8Text Sha256 { get; set; }

    [JsonConverter(typeof(AlertPayloadConverter))]
    public required AlertPayload Payload { get; init; }
}

/// <summary>Compiled metadata of the JSON of alerts and summaries.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AlertMessage))]
[JsonSerializable(typeof(SummaryMessage))]
internal sealed partial class AlertJson : JsonSerializerContext;
