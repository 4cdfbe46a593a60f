namespace SensorGateway.TestKit;

/// <summary>How much of the fault tests is wanted.</summary>
public static class FaultRun
{
    /// <summary>True when SENSORGATEWAY_FAULTS is full: minutes instead of seconds, thousands of rounds instead of some.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("SENSORGATEWAY_FAULTS") == "full";

    private static readonly string? ProgressFile = Environment.GetEnvironmentVariable("SENSORGATEWAY_FAULTS_PROGRESS");
    private static readonly Lock OneAtATime = new();

    /// <summary>
    /// One line for whoever waits: a test's own output appears only at its end, and a full run has tests of minutes. Goes
    /// to the end of the file that SENSORGATEWAY_FAULTS_PROGRESS names; nowhere without it.
    /// </summary>
    public static void Tell(string line)
    {
        if (ProgressFile is not null)
        {
            lock (OneAtATime)
            {
                File.AppendAllText(ProgressFile, $"{DateTime.Now:HH:mm:ss} {line}\n");
            }
        }
    }
}
