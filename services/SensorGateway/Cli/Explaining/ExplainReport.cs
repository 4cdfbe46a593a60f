using System.Text.Json.Serialization;

namespace SensorGateway.Cli.Explaining;

/// <summary>What <c>explain --json</c> prints. Fields are added, never renamed. Times are nanoseconds.</summary>
internal sealed record ExplainReport(
    ExplainedPayload Payload, int Rules, IReadOnlyList<ExplainedMatch> Matched, IReadOnlyList<ExplainedMiss> NearMisses,
    IReadOnlyList<ExplainedStage> Stages, long Ns);

/// <summary>The payload; the text is its beginning, escaped.</summary>
internal sealed record ExplainedPayload(int Bytes, string Text);

/// <summary>A rule that matched. Offset and length count in the output of the transform, if there is one.</summary>
internal sealed record ExplainedMatch(
    string Id, string Title, string Severity, string Stage, string? Transform, int? Offset, int? Length, string? Text, long Ns);

/// <summary>A rule that did not match although something of it was there.</summary>
internal sealed record ExplainedMiss(
    string Id, string Severity, string Stage, string Reason, string? Transform, string? Literal, int? LiteralOffset, long Ns);

/// <summary>A step of detection.</summary>
internal sealed record ExplainedStage(string Stage, string? Transform, int Runs, long Ns);

/// <summary>Compiled metadata of the report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExplainReport))]
internal sealed partial class ExplainJson : JsonSerializerContext;
