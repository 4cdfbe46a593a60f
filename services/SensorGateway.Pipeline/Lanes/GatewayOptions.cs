using System.Collections.Immutable;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Sources;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>All that a gateway needs to know besides its rules. Immutable.</summary>
public sealed record GatewayOptions
{
    /// <summary>Where sensors send.</summary>
    public required ImmutableArray<SourceOptions> Sources { get; init; }

    /// <summary>Where alerts go.</summary>
    public required NatsOptions Nats { get; init; }

    /// <summary>What goes into an alert.</summary>
    public required AlertOptions Alerts { get; init; }

    /// <summary>How alerts leave.</summary>
    public PublishingOptions Publishing { get; init; } = new();

    /// <summary>How payloads are checked.</summary>
    public DetectionOptions Detection { get; init; } = new();

    /// <summary>Detection workers; 0 chooses one on up to two CPUs, else one fewer than the CPUs, at most four.</summary>
    public int DetectionWorkers { get; init; }

    /// <summary>Bytes of the ring in front of each worker.</summary>
    public long RingBytes { get; init; } = 20L * 1024 * 1024;

    /// <summary>Where threads run and how they wait.</summary>
    public ThreadOptions Threads { get; init; } = new();

    /// <summary>How long the prices of rules are measured after each load, beside the running gateway; zero never.</summary>
    public TimeSpan PricingTime { get; init; }

    /// <summary>Milliseconds since 1970 that make this start's alert ids unique; 0 takes the clock's.</summary>
    public long BootEpoch { get; init; }

    /// <summary>How many workers there will be.</summary>
    public int EffectiveWorkers =>
        DetectionWorkers > 0 ? DetectionWorkers : Math.Clamp(Environment.ProcessorCount - 1, 1, 4);
}
