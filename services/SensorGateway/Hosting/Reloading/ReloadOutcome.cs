using System.Text.Json.Serialization;

namespace SensorGateway.Hosting.Reloading;

/// <summary>What became of one request to reload; <c>reload --json</c> prints it. Fields are added, never renamed.</summary>
/// <param name="Ok">True when new rules are at work; false when the rules before go on working.</param>
/// <param name="Trigger">Who asked: <c>command</c>, <c>SIGHUP</c>, <c>watch</c>, or several of them.</param>
/// <param name="Generation">Number of the generation at work; grows with each that was built.</param>
/// <param name="Rules">Rules at work.</param>
/// <param name="Hashes">Digests in hash lists at work.</param>
/// <param name="TookMs">From the request's turn to the end, in milliseconds.</param>
/// <param name="LongestPauseMs">Longest time that a garbage collection meanwhile stopped the payload's threads for.</param>
/// <param name="Applied">Keys of the configuration whose new values hold now.</param>
/// <param name="NeedsRestart">Keys whose new values hold only after a restart; the old ones stay in use.</param>
/// <param name="Problems">Why it was refused, each as <c>file:line:column: what; what to do</c>.</param>
internal sealed record ReloadOutcome(
    bool Ok,
    string Trigger,
    long Generation,
    int Rules,
    long Hashes,
    double TookMs,
    double LongestPauseMs,
    IReadOnlyList<string> Applied,
    IReadOnlyList<string> NeedsRestart,
    IReadOnlyList<string> Problems);

/// <summary>Compiled metadata of the outcome.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReloadOutcome))]
internal sealed partial class ReloadJson : JsonSerializerContext;
