using SensorGateway.Nats.Connection;
using SensorGateway.Nats.JetStream;

namespace SensorGateway.Nats;

/// <summary>What the two sides share, for whoever plays the reading side in place of its thread.</summary>
public sealed partial class NatsConnection
{
    /// <summary>Ticks of the Stopwatch, where no caller gives them.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal NatsStatus Status => _status;

    internal SessionSlot Slot => _slot;

    internal PublisherBell Bell => _bell;

    internal AckLog? StreamLog => _stream?.Log;
}
