namespace SensorGateway.Pipeline.Lanes;

/// <summary>Why a gateway cannot go on: a role's thread has died.</summary>
public sealed record GatewayFault(string Role, Exception Exception);
