using System.Text.Json.Serialization;

namespace SensorGateway.Cli.Benching;

/// <summary>What <c>bench detect --json</c> prints; names and units never change.</summary>
internal sealed record DetectResult
{
    public required int Rules { get; init; }

    public required int Payloads { get; init; }

    public required long Bytes { get; init; }

    public required int Passes { get; init; }

    public required double NsPerPayload { get; init; }

    public required double MbPerS { get; init; }

    public required double P50Ns { get; init; }

    public required double P95Ns { get; init; }

    public required double P99Ns { get; init; }

    /// <summary>Payload-rule pairs in one pass.</summary>
    public required long Matches { get; init; }

    public required double AllocatedBytesPerPayload { get; init; }

    /// <summary>Reading, parsing and compiling the rules.</summary>
    public required double LoadMs { get; init; }

    /// <summary>Peak of the whole process.</summary>
    public required double RssMb { get; init; }
}

/// <summary>What <c>bench publish --json</c> prints; names and units never change.</summary>
internal sealed record PublishResult
{
    public required double Rate { get; init; }

    public required double CpuNsPerAlert { get; init; }

    public required double SentP50Us { get; init; }

    public required double SentP95Us { get; init; }

    public required double SentP99Us { get; init; }

    public required double AllocatedBytesPerAlert { get; init; }

    public required long Count { get; init; }

    public required int Size { get; init; }

    public required int Connections { get; init; }

    /// <summary>How many of them carried alerts at the end.</summary>
    public required int ConnectionsActive { get; init; }

    public required double AlertsPerBatch { get; init; }

    public required string Delivery { get; init; }

    public required string Driver { get; init; }

    public required bool Tls { get; init; }

    /// <summary>
    /// Messages per second of one raw socket that sends frames made beforehand, taken in turn with the gateway's; null
    /// at a given rate.
    /// </summary>
    public required double? CeilingRate { get; init; }

    /// <summary>The gateway's rate divided by that; median of the turns.</summary>
    public required double? RatioToCeiling { get; init; }

    /// <summary>Confirmed (fenced, jetstream) or sent (core); less than count only when something went wrong.</summary>
    public required long Delivered { get; init; }
}

/// <summary>What <c>bench host --json</c> prints; names and units never change.</summary>
internal sealed record HostResult
{
    public required string CpuModel { get; init; }

    public required int Cpus { get; init; }

    public required long MemoryMb { get; init; }

    public required string Os { get; init; }

    public required string Runtime { get; init; }

    public required string ClockSource { get; init; }

    /// <summary>Processes ready to run, averaged over a minute, when the bench began.</summary>
    public required double Load1m { get; init; }

    public required double ClockNs { get; init; }

    public required double SyscallNs { get; init; }

    public required double WakeSameCpuP50Us { get; init; }

    public required double WakeSameCpuP95Us { get; init; }

    /// <summary>Null on one CPU.</summary>
    public required double? WakeOtherCpuP50Us { get; init; }

    /// <summary>Null on one CPU.</summary>
    public required double? WakeOtherCpuP95Us { get; init; }

    public required double CopyGbPerS { get; init; }

    public required double Sha256Of256BNs { get; init; }

    public required double Sha256MbPerS { get; init; }
}

/// <summary>Compiled metadata of the machine forms.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DetectResult))]
[JsonSerializable(typeof(PublishResult))]
[JsonSerializable(typeof(HostResult))]
internal sealed partial class BenchJson : JsonSerializerContext;
