using System.Text.Json.Serialization;

namespace SensorGateway.Cli.RuleListing;

/// <summary>What <c>rules list --json</c> prints. Fields are added, never renamed.</summary>
internal sealed record RuleListReport(IReadOnlyList<ListedRule> Rules);

/// <summary>A rule. Stage is the last that it may need; without literals it runs on every payload, or is a digest's.</summary>
internal sealed record ListedRule(
    string Id, string Title, string Severity, IReadOnlyList<string> Tags, string Stage, IReadOnlyList<string> Literals,
    IReadOnlyList<string> Transforms, string? File, int? Line);

/// <summary>What <c>rules cost --json</c> prints. Fields are added, never renamed.</summary>
/// <param name="Payloads">Payloads measured; runs and matches are counted over one pass of these.</param>
/// <param name="PayloadsGiven">More than that when the time ran out.</param>
/// <param name="NsPerPayload">All rules together.</param>
/// <param name="RulesTotal">Rules priced; with --top fewer are listed.</param>
/// <param name="Rules">Dearest first.</param>
internal sealed record RuleCostReport(
    int Payloads, int PayloadsGiven, double NsPerPayload, int RulesTotal, IReadOnlyList<CostedRule> Rules);

/// <summary>A rule with its price.</summary>
internal sealed record CostedRule(
    string Id, string Severity, double NsPerPayload, double Share, string Stage, IReadOnlyList<string> Literals, long Runs,
    long RegexRuns, long Matches, string? Exploded);

/// <summary>Compiled metadata of the reports.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RuleListReport))]
[JsonSerializable(typeof(RuleCostReport))]
internal sealed partial class RuleReportJson : JsonSerializerContext;
