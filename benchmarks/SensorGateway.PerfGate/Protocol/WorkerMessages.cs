using System.Text.Json.Serialization;

namespace SensorGateway.PerfGate.Protocol;

/// <summary>One scenario that a build can run; a line of <c>SensorGateway.Benchmarks scenarios</c>.</summary>
internal sealed record ScenarioInfo
{
    /// <summary>The protocol that this file describes. A worker that speaks another is not judged.</summary>
    public const int ProtocolVersion = 1;

    /// <summary><see cref="ProtocolVersion"/>.</summary>
    public required int Protocol { get; init; }

    /// <summary>A key for ever: a scenario that changes its meaning gets another name.</summary>
    public required string Name { get; init; }

    /// <summary>Why it cannot run on this machine, or null.</summary>
    public string? Missing { get; init; }

    /// <summary>True when it belongs to the short list of a quick comparison.</summary>
    public bool Quick { get; init; }
}

/// <summary>The worker is set up, its answer is checked and its code is warm.</summary>
internal sealed record ReadyMessage
{
    /// <summary>See <see cref="ScenarioInfo.ProtocolVersion"/>.</summary>
    public required int Protocol { get; init; }

    /// <summary>The scenario.</summary>
    public required string Name { get; init; }

    /// <summary>How long a slice of this scenario should be.</summary>
    public required int SliceMilliseconds { get; init; }

    /// <summary>How many pairs of slices a launch should have.</summary>
    public required int Pairs { get; init; }
}

/// <summary>Answer to <c>slice MILLISECONDS</c>.</summary>
internal sealed record SliceMessage
{
    /// <summary>Operations timed.</summary>
    public required long Count { get; init; }

    /// <summary>Nanoseconds.</summary>
    public required double P50 { get; init; }

    /// <summary>Nanoseconds.</summary>
    public required double P95 { get; init; }
}

/// <summary>Answer to <c>total</c>: everything that was measured in slices so far.</summary>
internal sealed record TotalMessage
{
    /// <summary>Longest operation in nanoseconds.</summary>
    public required long MaxNs { get; init; }

    /// <summary>Pairs of <see cref="FineHistogram.ToPairs"/>.</summary>
    public required long[][] Buckets { get; init; }
}

/// <summary>Answer to <c>allocation</c>: bytes over a fixed list of operations, so that equal code gives equal numbers.</summary>
internal sealed record AllocationMessage
{
    /// <summary>Operations run; 0 when the scenario cannot tell.</summary>
    public required long Operations { get; init; }

    /// <summary>Bytes allocated by them.</summary>
    public required long Bytes { get; init; }
}

/// <summary>Answer to <c>calibrate</c>: what this machine does with code that never changes.</summary>
internal sealed record CalibrationMessage
{
    /// <summary>Median of 10,000 dependent xor-shift steps, nanoseconds.</summary>
    public required double AluP50 { get; init; }

    /// <summary>SHA-256 of 4 KiB, median nanoseconds.</summary>
    public required double ShaP50 { get; init; }

    /// <summary>SHA-256 of 4 KiB, 95th percentile.</summary>
    public required double ShaP95 { get; init; }

    /// <summary>Nanoseconds between two readings of the clock.</summary>
    public required double ClockNs { get; init; }
}

/// <summary>Compiled JSON of the protocol: snake_case, one line a message.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ScenarioInfo))]
[JsonSerializable(typeof(ReadyMessage))]
[JsonSerializable(typeof(SliceMessage))]
[JsonSerializable(typeof(TotalMessage))]
[JsonSerializable(typeof(AllocationMessage))]
[JsonSerializable(typeof(CalibrationMessage))]
internal sealed partial class ProtocolJson : JsonSerializerContext;
