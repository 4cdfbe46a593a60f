using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SensorGateway.PerfGate.Baselines;

/// <summary>One night on one machine: <c>perf-baselines/CLASS/YYYY-MM-DD.json</c>.</summary>
internal sealed record BaselineFile
{
    public const int CurrentSchema = 2;

    [Description("2. Files of schema 1 were recorded by hand, before the gate.")]
    public required int Schema { get; init; }

    [Description("UTC day, YYYY-MM-DD, as in the file's name.")]
    public required string Date { get; init; }

    [Description("Commit of the measured build, 40 hexadecimal digits.")]
    public required string GitSha { get; init; }

    [Description("Anything a reader must know, for example that the machine was shared. May be empty.")]
    public required string Note { get; init; }

    [Description("What it was measured on.")]
    public required BaselineEnvironment Environment { get; init; }

    [Description("What this machine did that night with code that never changes.")]
    public required BaselineCalibration Calibration { get; init; }

    [Description("The gate's word of that night: pass, regression or inconclusive.")]
    public required string Verdict { get; init; }

    [Description("One entry per scenario, ordered by name.")]
    public required IReadOnlyList<BaselineScenario> Scenarios { get; init; }
}

/// <summary>The machine. When one of the first five changes, the trend line breaks.</summary>
internal sealed record BaselineEnvironment
{
    [Description("Processor's name. Part of the fingerprint.")]
    public required string Cpu { get; init; }

    [Description("CPUs that the process may use. Part of the fingerprint.")]
    public required int Vcpus { get; init; }

    [Description("x64 or arm64. Part of the fingerprint.")]
    public required string Architecture { get; init; }

    [Description("Operating system. Part of the fingerprint.")]
    public required string Os { get; init; }

    [Description(".NET runtime. Part of the fingerprint.")]
    public required string Dotnet { get; init; }

    [Description("Kernel release.")]
    public required string Kernel { get; init; }

    [Description("Load average over one minute when the gate ended.")]
    public required double Load1m { get; init; }

    /// <summary>Equal on machines whose figures may be joined by a line.</summary>
    [JsonIgnore]
    public string Fingerprint => $"{Cpu}|{Vcpus}|{Architecture}|{Os}|{Dotnet}";
}

/// <summary>The machine's own speed, nanoseconds.</summary>
internal sealed record BaselineCalibration
{
    [Description("10,000 dependent xor-shift steps, median.")]
    public required double AluP50 { get; init; }

    [Description("SHA-256 of 4 KiB, median.")]
    public required double ShaP50 { get; init; }

    [Description("SHA-256 of 4 KiB, 95th percentile: the calibration score that norm_p95 divides by.")]
    public required double ShaP95 { get; init; }

    [Description("Two readings of the clock.")]
    public required double ClockNs { get; init; }
}

/// <summary>One scenario's figures; times in nanoseconds per operation.</summary>
internal sealed record BaselineScenario
{
    [Description("Stable name.")]
    public required string Name { get; init; }

    [Description("Operations timed.")]
    public required long Samples { get; init; }

    [Description("Processes they came from.")]
    public required int Launches { get; init; }

    public required double P50 { get; init; }

    public required double P95 { get; init; }

    [Description("Reported, never judged: on shared machines it is the neighbours' noise.")]
    public required double P99 { get; init; }

    public required double Max { get; init; }

    [Description("p95 divided by calibration.sha_p95.")]
    public required double NormP95 { get; init; }

    [Description("Bytes allocated per operation; null when the scenario cannot tell.")]
    public required double? AllocBytesPerOp { get; init; }

    [Description("Pairs of bucket index and count; merge by adding counts. Index i below 32 is i ns; above, the bucket starts at (32 + i % 32) << (i / 32 - 1) ns.")]
    public required IReadOnlyList<long[]> Histogram { get; init; }

    [Description("Comparisons of that night.")]
    public required IReadOnlyList<BaselineDuet> Duets { get; init; }
}

/// <summary>A comparison with an older build, measured beside it.</summary>
internal sealed record BaselineDuet
{
    [Description("Name of the older build.")]
    public required string Against { get; init; }

    public required double P50Ratio { get; init; }

    public required double P95Ratio { get; init; }

    [Description("p95 ratio of each launch.")]
    public required IReadOnlyList<double> PerLaunch { get; init; }

    [Description("none, p95, p50 or allocation.")]
    public required string Complaint { get; init; }
}

/// <summary>Compiled JSON of these files: unknown and missing fields are errors.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    WriteIndented = true,
    IndentSize = 1)]
[JsonSerializable(typeof(BaselineFile))]
internal sealed partial class BaselineJson : JsonSerializerContext;
