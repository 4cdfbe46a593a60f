using System.Text.Json;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Alerts;

/// <summary>What an alert says of a rule whatever the payload; escaped once, when rules are loaded. Immutable.</summary>
public sealed class AlertRule
{
    /// <param name="id">The rule's id.</param>
    /// <param name="title">One line for people.</param>
    /// <param name="severity">How grave.</param>
    /// <param name="tags">Free tags.</param>
    /// <param name="author">Left out of the alert when null.</param>
    public AlertRule(string id, string title, Severity severity, IEnumerable<string> tags, string? author)
    {
        Severity = severity;
        SubjectToken = System.Text.Encoding.ASCII.GetBytes(Sensor.ToSubjectToken(id));
        IdJson = Encode(id);
        TitleJson = Encode(title);
        TagsJson = [.. tags.Select(Encode)];
        AuthorJson = author is null ? null : Encode(author);
    }

    /// <summary>How grave.</summary>
    public Severity Severity { get; }

    /// <summary>The id as one token of a subject.</summary>
    internal byte[] SubjectToken { get; }

    internal JsonEncodedText IdJson { get; }

    internal JsonEncodedText TitleJson { get; }

    internal JsonEncodedText[] TagsJson { get; }

    internal JsonEncodedText? AuthorJson { get; }

    internal static JsonEncodedText Encode(string text) => Sensor.ToJson(text);
}
