using System.ComponentModel;
using System.Runtime.InteropServices;

namespace SensorGateway.TestKit.Nats;

/// <summary>POSIX signals that System.Diagnostics.Process cannot send. Numbers of Linux.</summary>
internal static class Signals
{
    public const int User2 = 12;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
