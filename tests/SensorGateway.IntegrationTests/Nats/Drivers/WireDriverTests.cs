using SensorGateway.Pipeline.Publishing.Drivers;

namespace SensorGateway.IntegrationTests.Nats.Drivers;

/// <summary>The gateway's own client, in every build.</summary>
public sealed class WireDriverTests() : DriverContract(PublishDriver.Wire);
