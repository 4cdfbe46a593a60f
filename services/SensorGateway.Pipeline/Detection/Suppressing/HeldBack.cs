using SensorGateway.Pipeline.Sensors;

namespace SensorGateway.Pipeline.Detection.Suppressing;

/// <summary>What one window has held back, for its summary.</summary>
/// <param name="Sensor">Who sent the payloads.</param>
/// <param name="Rule">What matched them.</param>
/// <param name="Count">How many; at least one.</param>
/// <param name="FirstTicks">When the first of them was received, in Stopwatch ticks.</param>
/// <param name="LastTicks">When the last of them was received, in Stopwatch ticks.</param>
internal readonly record struct HeldBack(
    Sensor Sensor, SuppressedRule Rule, long Count, long FirstTicks, long LastTicks);
