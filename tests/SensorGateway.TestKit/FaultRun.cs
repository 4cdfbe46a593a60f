namespace SensorGateway.TestKit;

/// <summary>How much of the fault tests is wanted.</summary>
public static class FaultRun
{
    /// <summary>True when SENSORGATEWAY_FAULTS is full: minutes instead of seconds, thousands of rounds instead of some.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("SENSORGATEWAY_FAULTS") == "full";
}
