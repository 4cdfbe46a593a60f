using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing.Drivers;

namespace SensorGateway.Cli.Benching;

/// <summary>What to send, and how.</summary>
internal sealed record PublishBenchRequest
{
    public required NatsEndpoint Server { get; init; }

    public required int SizeBytes { get; init; }

    public required int Count { get; init; }

    public required int Connections { get; init; }

    public required int Sensors { get; init; }

    /// <summary>0: as fast as it goes.</summary>
    public required int RatePerSecond { get; init; }

    public required string Subject { get; init; }

    public required TimeSpan BatchWindow { get; init; }

    public required NatsDelivery Delivery { get; init; }

    public PublishDriver Driver { get; init; }

    public NatsTlsOptions Tls { get; init; } = NatsTlsOptions.None;

    public bool IsEncrypted => Tls.Mode != NatsTlsMode.Off || Server.RequiresTls;
}
