using System.Diagnostics.Tracing;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Profiling.Sessions;

/// <summary>Writes into a trace what the runtime does not: the names of the threads.</summary>
[EventSource(Name = ProviderName)]
internal sealed class ProfileEvents : EventSource
{
    /// <summary>Name of the provider, for dotnet-trace --providers.</summary>
    public const string ProviderName = "SensorGateway-Profile";

    /// <summary>Names of the fields of <see cref="ThreadNamed"/>.</summary>
    public const string ThreadField = "threadId";
    public const string NameField = "name";

    private const int ThreadNamedId = 1;

    private static ProfileEvents? _source;

    private ProfileEvents()
    {
    }

    /// <summary>From now on traces of this process hear the names.</summary>
    public static void Enable() => _source ??= new ProfileEvents();

    /// <summary>One thread of this process.</summary>
    /// <param name="threadId">The kernel's number.</param>
    /// <param name="name">The role's name, or what the kernel kept of the thread's.</param>
    [Event(ThreadNamedId)]
    public void ThreadNamed(int threadId, string name) => WriteEvent(ThreadNamedId, threadId, name);

    /// <inheritdoc/>
    protected override void OnEventCommand(EventCommandEventArgs command)
    {
        if (command.Command is EventCommand.Enable or EventCommand.Update)
        {
            var names = KernelThreads.NamesOf(Environment.ProcessId);
            foreach (var (thread, role) in ThreadRoster.Threads)
            {
                names[thread] = role;
            }

            foreach (var (thread, name) in names)
            {
                ThreadNamed(thread, name);
            }
        }
    }
}
