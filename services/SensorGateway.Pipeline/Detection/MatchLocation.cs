namespace SensorGateway.Pipeline.Detection;

/// <summary>Where in the payload a rule matched, in bytes.</summary>
public readonly record struct MatchLocation(int Offset, int Length);
