using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SensorGateway.TestKit.Nats;

/// <summary>POSIX signals that System.Diagnostics.Process cannot send. Numbers of Linux.</summary>
public static class Signals
{
    /// <summary>SIGUSR2.</summary>
    public const int User2 = 12;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    /// <summary>SIGHUP.</summary>
    public const int HangUp = 1;

    /// <summary>SIGCONT.</summary>
    public const int Continue = 18;

    /// <summary>SIGSTOP.</summary>
    public const int Stop = 19;

    /// <summary>Sends a signal.</summary>
    public static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>True when this process, and so every one it starts, ignores a signal; nohup does that to SIGHUP.</summary>
    public static bool IsIgnored(int signal)
    {
        const string label = "SigIgn:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(label, StringComparison.Ordinal));
        var mask = ulong.Parse(line.AsSpan(label.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (mask >> signal - 1 & 1) != 0;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
