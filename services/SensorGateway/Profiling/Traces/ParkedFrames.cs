namespace SensorGateway.Profiling.Traces;

/// <summary>Knows the methods in which a thread does nothing but wait.</summary>
/// <remarks>
/// The runtime samples all managed threads, waiting ones too. A sample counts as parked when its innermost managed
/// method exists to wait.
/// </remarks>
internal static class ParkedFrames
{
    // The runtime's way of stopping a thread for the sample itself.
    private const string Safepoint = "System.Threading.Thread.<PollGC>";

    private static readonly string[] Waiting =
    [
        "SensorGateway.Pipeline.Threading.Doorbell.Wait",
        "SensorGateway.Pipeline.Sources.Linux.Epoll.Wait",
        "SensorGateway.Nats.Sockets.WireSocket.Wait",
        "System.Threading.LowLevelLifoSemaphore.Wait",
        "System.Threading.LowLevelSpinWaiter.Wait",
        "System.Threading.LowLevelMonitor.Wait",
        "System.Threading.Monitor.Wait",
        "System.Threading.Monitor.ObjWait",
        "System.Threading.WaitHandle.",
        "System.Threading.Thread.Sleep",
        "System.Threading.Thread.Join",
        "System.Net.Sockets.SocketAsyncEngine.EventLoop",
        "System.Net.Sockets.SocketPal.SysReceive",
        "System.Net.Sockets.SocketPal.Receive",
        "Interop+Sys.Receive",
        "Interop+Sys.Poll",
        "Interop+Sys.WaitForSocketEvents",
    ];

    /// <summary>True when a thread whose innermost managed method this is waits.</summary>
    public static bool IsWaiting(string leaf) =>
        Array.Exists(Waiting, name => leaf.StartsWith(name, StringComparison.Ordinal));

    /// <summary>True for frames that only the sampling itself has brought about.</summary>
    public static bool IsOfTheProfiler(string frame) => frame.StartsWith(Safepoint, StringComparison.Ordinal);
}
