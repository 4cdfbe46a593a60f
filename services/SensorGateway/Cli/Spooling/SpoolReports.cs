using System.Text.Json.Serialization;

namespace SensorGateway.Cli.Spooling;

/// <summary>What <c>spool list --json</c> and <c>spool verify --json</c> print. Fields are added, never renamed.</summary>
/// <param name="Folder">The spool.</param>
/// <param name="Ok">Nothing is damaged; a tail torn by a crash is no damage.</param>
/// <param name="Alerts">Sound alerts in all files.</param>
/// <param name="Bytes">Of all files.</param>
/// <param name="Files">Oldest first.</param>
/// <param name="PutAside">Broken files that an earlier start has put aside.</param>
internal sealed record SpoolListing(
    string Folder, bool Ok, long Alerts, long Bytes, IReadOnlyList<SpoolListedFile> Files, IReadOnlyList<string> PutAside);

/// <summary>One file.</summary>
internal sealed record SpoolListedFile(
    string File, bool Ok, long Bytes, long Alerts, DateTimeOffset? Oldest, long DamagedBytes, long TornBytes,
    string? Problem);

/// <summary>What <c>spool drain --json</c> prints. Fields are added, never renamed.</summary>
/// <param name="Folder">The spool.</param>
/// <param name="Found">Alerts found in it.</param>
/// <param name="Sent">Alerts the server has taken.</param>
/// <param name="Lost">Alerts that can never be sent, or could not be read.</param>
/// <param name="Left">Alerts that are still in the spool.</param>
internal sealed record SpoolDrained(string Folder, long Found, long Sent, long Lost, long Left);

/// <summary>Compiled metadata of both.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SpoolListing))]
[JsonSerializable(typeof(SpoolDrained))]
internal sealed partial class SpoolJson : JsonSerializerContext;
