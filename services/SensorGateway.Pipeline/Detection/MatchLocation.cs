namespace SensorGateway.Pipeline.Detection;

/// <summary>Where a rule matched, in bytes of the payload or of what a transform made of it.</summary>
/// <param name="Offset">From 0.</param>
/// <param name="Length">May be 0.</param>
/// <param name="Transform">Names the transforms, with commas between; null for the payload as it came.</param>
public readonly record struct MatchLocation(int Offset, int Length, string? Transform = null);
