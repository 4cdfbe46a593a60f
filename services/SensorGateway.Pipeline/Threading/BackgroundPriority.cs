namespace SensorGateway.Pipeline.Threading;

/// <summary>Makes a thread give way to those on the payload's way.</summary>
public static class BackgroundPriority
{
    private const int ProcessOrThread = 0; // PRIO_PROCESS, which on Linux means the calling thread when who is 0.

    // About a third of a normal thread's share when all CPUs are busy: rules must come through even then.
    private const int Nice = 5;

    /// <summary>Lowers the calling thread for the rest of its life, so only for threads of one's own.</summary>
    /// <remarks>Thread.Priority does nothing on Linux. Elsewhere than on Linux this does nothing.</remarks>
    public static void LowerCallingThread()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = LinuxCalls.SetPriority(ProcessOrThread, 0, Nice); // Lowering is always allowed; failure only costs time.
        }
    }
}
