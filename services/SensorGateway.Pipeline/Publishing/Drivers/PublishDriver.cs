namespace SensorGateway.Pipeline.Publishing.Drivers;

/// <summary>Which client library carries alerts to NATS.</summary>
public enum PublishDriver
{
    /// <summary>The gateway's own wire client.</summary>
    Wire,

    /// <summary>NATS.Client.Core; only in builds with the upstream packages.</summary>
    NatsClient,
}
