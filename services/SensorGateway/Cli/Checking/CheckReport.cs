using System.Text.Json.Serialization;

namespace SensorGateway.Cli.Checking;

/// <summary>What <c>check --json</c> prints. Fields are added, never renamed.</summary>
/// <param name="Ok">True when nothing is wrong.</param>
/// <param name="ExitCode">The exit code of the command.</param>
/// <param name="Config">Null when no configuration was asked for.</param>
/// <param name="Rules">Null when the configuration was too broken to name them.</param>
/// <param name="Environment">Null with --no-environment, or when something before it was wrong.</param>
internal sealed record CheckReport(
    bool Ok, int ExitCode, CheckedFiles? Config, CheckedRules? Rules, CheckedEnvironment? Environment);

/// <summary>Problems of the configuration.</summary>
internal sealed record CheckedFiles(bool Ok, string File, IReadOnlyList<CheckProblem> Problems);

/// <summary>Problems of rules and hash lists.</summary>
/// <param name="Ok">True when the rules load.</param>
/// <param name="Rules">Rules.</param>
/// <param name="Hashes">Digests in hash lists.</param>
/// <param name="Problems">What keeps them from loading.</param>
internal sealed record CheckedRules(bool Ok, int Rules, long Hashes, IReadOnlyList<CheckProblem> Problems)
{
    /// <summary>What authors should know although the rules load.</summary>
    public IReadOnlyList<CheckProblem> Warnings { get; init; } = [];
}

/// <summary>Whether this machine fits.</summary>
internal sealed record CheckedEnvironment(bool Ok, IReadOnlyList<CheckedPlace> Checks);

/// <summary>One thing the gateway needs of this machine.</summary>
/// <param name="Name"><c>source field-tcp</c>, <c>nats://127.0.0.1:4222</c>.</param>
/// <param name="Ok">Whether it is there.</param>
/// <param name="Detail">What was found, or what is wrong and what to do.</param>
internal sealed record CheckedPlace(string Name, bool Ok, string Detail);

/// <summary>A problem with its place. Line and column count from 1; 0 where there are none.</summary>
internal sealed record CheckProblem(string File, int Line, int Column, string Message);

/// <summary>Compiled metadata of the report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CheckReport))]
internal sealed partial class CheckJson : JsonSerializerContext;
