using System.Globalization;
using System.Text;
using System.Text.Json;
using SensorGateway.Configuration;
using SensorGateway.Rules.Model;

namespace SensorGateway.Cli.Tailing;

/// <summary>Prints alerts and summaries for people: one line each, nothing of the payload raw.</summary>
internal sealed class AlertPrinter(CliConsole console)
{
    private const int SensorWidth = 15;

    /// <summary>One line for a message; what is no alert is shown as it is, escaped.</summary>
    public string Format(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var alert = JsonDocument.ParseValue(ref reader);
            return (Text(alert.RootElement, "kind") == "summary" ? Summary(alert.RootElement) : Format(alert.RootElement))
                ?? Raw(subject, json);
        }
        catch (Exception foreign) when (foreign is JsonException or InvalidOperationException or FormatException)
        {
            return Raw(subject, json);
        }
    }

    private string? Format(JsonElement alert)
    {
        if (alert.ValueKind != JsonValueKind.Object
            || Text(alert, "time") is not { } time
            || Text(alert, "sensor") is not { } sensor
            || !Enum.TryParse<Severity>(Text(alert, "severity"), ignoreCase: true, out var severity))
        {
            return null;
        }

        var line = new StringBuilder();
        line.Append(
            CultureInfo.InvariantCulture,
            $"{TimeOfDay(time)} {SeverityText.Of(console, severity)} {Printable.Short(sensor),-SensorWidth} ");
        line.Append(console.Color("1", Rules(alert)));
        if (alert.TryGetProperty("payload", out var payload)
            && (Text(payload, "text") ?? Text(payload, "base64")) is { } text)
        {
            line.Append("  ").Append(Printable.Short(text));
        }

        return line.ToString();
    }

    /// <summary>The time is that of the last payload held back, so that lines stay roughly in order.</summary>
    private string? Summary(JsonElement summary)
    {
        if (Text(summary, "rule") is not { } rule
            || Text(summary, "sensor") is not { } sensor
            || Text(summary, "first") is not { } first
            || Text(summary, "last") is not { } last
            || !summary.TryGetProperty("count", out var count)
            || count.ValueKind != JsonValueKind.Number
            || !count.TryGetInt64(out var times))
        {
            return null;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{TimeOfDay(last)} {console.Color("2", "summary ")} {Printable.Short(sensor),-SensorWidth} "
                + $"{console.Color("1", Printable.Short(rule))}  {times} more held back since {TimeOfDay(first)}");
    }

    private static string TimeOfDay(string time) => DateTimeOffset.TryParse(
        time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        ? at.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)
        : Printable.Short(time);

    private static string Rules(JsonElement alert)
    {
        var ids = alert.TryGetProperty("rules", out var rules) && rules.ValueKind == JsonValueKind.Array
            ? rules.EnumerateArray().Select(rule => Printable.Short(Text(rule, "id") ?? "?")).ToArray()
            : [];
        return string.Join(", ", ids);
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
            && parent.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Raw(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> message) =>
        $"{Printable.Short(Encoding.Latin1.GetString(subject))}: "
            + $"{Printable.Short(Encoding.Latin1.GetString(message[..Math.Min(message.Length, 200)]))}";
}
