using System.Runtime.Versioning;
using SensorGateway.Pipeline.Publishing.Drivers;

namespace SensorGateway.IntegrationTests.Nats.Drivers;

/// <summary>The gateway's own client, in every build.</summary>
public sealed class WireDriverTests() : DriverContract(PublishDriver.Wire);

/// <summary>The gateway's own client under TLS.</summary>
[SupportedOSPlatform("linux")]
public sealed class WireDriverTlsTests() : DriverTlsContract(PublishDriver.Wire);

/// <summary>The gateway's own client with keys.</summary>
[SupportedOSPlatform("linux")]
public sealed class WireDriverKeyTests() : DriverKeyContract(PublishDriver.Wire);
