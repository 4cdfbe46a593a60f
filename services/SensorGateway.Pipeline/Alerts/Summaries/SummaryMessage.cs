using System.Text.Json;
using System.Text.Json.Serialization;

namespace SensorGateway.Pipeline.Alerts.Summaries;

/// <summary>One summary as it goes over the wire; one object is refilled for every one. Fields are never renamed.</summary>
internal sealed class SummaryMessage
{
    [JsonConverter(typeof(EscapedTextConverter))]
    public EscapedText Kind { get; } = new(JsonEncodedText.Encode("summary"));

    [JsonConverter(typeof(Utf8TextConverter))]
    public Utf8Text Id { get; set; }

    [JsonConverter(typeof(EscapedTextConverter))]
    public EscapedText Rule { get; set; }

    [JsonConverter(typeof(EscapedTextConverter))]
    public EscapedText Sensor { get; set; }

    public long Count { get; set; }

    [JsonConverter(typeof(Utf8TextConverter))]
    public Utf8Text First { get; set; }

    [JsonConverter(typeof(Utf8TextConverter))]
    public Utf8Text Last { get; set; }
}
