using System.Runtime.InteropServices;

namespace SensorGateway.TestKit;

/// <summary>
/// Lets a test meet files that it may not read or write, also where the tests run as root, to whom nothing is forbidden.
/// </summary>
public static class OtherUser
{
    private const uint Nobody = 65534;
    private const uint NoChange = uint.MaxValue;

    /// <summary>
    /// Words before a command that run it as nobody, whom root's files are closed to; none when the tests are not root's.
    /// Null when that takes setpriv and there is none.
    /// </summary>
    public static string[]? Command => !IsRoot ? []
        : File.Exists("/usr/bin/setpriv") ? ["/usr/bin/setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--"]
        : null;

    private static bool IsRoot => EffectiveUser() == 0;

    /// <summary>Runs on a thread of its own that opens files as nobody does; as we do when the tests are not root's.</summary>
    /// <exception cref="InvalidOperationException">The kernel does not let the thread be nobody's.</exception>
    public static T Run<T>(Func<T> work)
    {
        if (!IsRoot)
        {
            return work();
        }

        var task = new Task<T>(
            () =>
            {
                _ = SetFileUser(Nobody); // Of this thread alone, and it ends with the task: no way back is needed.
                return SetFileUser(NoChange) == Nobody
                    ? work()
                    : throw new InvalidOperationException("this thread cannot open files as another user");
            },
            TaskCreationOptions.LongRunning);
        task.Start(TaskScheduler.Default);
        return task.GetAwaiter().GetResult();
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();

    /// <summary>Answers who it was before, whether it worked or not.</summary>
    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetFileUser(uint user);
}
