using System.Text.Json.Serialization;
using SensorGateway.PerfGate.Duet;

namespace SensorGateway.PerfGate.Studies;

/// <summary>One judgement of the gate whose right answer is known.</summary>
internal sealed record StudyRun
{
    public required string Scenario { get; init; }

    /// <summary>Work injected; 0 for a build against itself.</summary>
    public required double Percent { get; init; }

    /// <summary>Whether a noisy neighbour was let loose.</summary>
    public required bool Neighbour { get; init; }

    /// <summary>What the gate said.</summary>
    public required bool Alarm { get; init; }

    /// <summary>Whether a first suspicion was measured again.</summary>
    public required bool Repeated { get; init; }

    public required double P50Ratio { get; init; }

    public required double P95Ratio { get; init; }

    /// <summary>p95 ratio of each launch.</summary>
    public required IReadOnlyList<double> Launches { get; init; }

    public required double Seconds { get; init; }

    /// <summary>From what the gate found.</summary>
    public static StudyRun Of(DuetResult result, double percent, bool neighbour) => new()
    {
        Scenario = result.Scenario,
        Percent = percent,
        Neighbour = neighbour,
        Alarm = result.IsRegression,
        Repeated = result.WasRepeated,
        P50Ratio = Math.Round(result.P50Ratio, 4),
        P95Ratio = Math.Round(result.P95Ratio, 4),
        Launches = [.. result.Launches.Select(static launch => Math.Round(launch.P95Ratio, 4))],
        Seconds = Math.Round(result.Took.TotalSeconds, 1),
    };
}

/// <summary>Compiled JSON of the study's log: one line a run.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StudyRun))]
internal sealed partial class StudyJson : JsonSerializerContext;
