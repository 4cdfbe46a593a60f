using System.Diagnostics;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Sources;

/// <summary>The thread of one source, and the order to stop.</summary>
internal sealed class IngestThread(string sourceId, Doorbell doorbell)
{
    private const int StackBytes = 512 * 1024;

    // What the kernel already took from senders is still read and passed on, but no longer than this.
    private static readonly long GraceTicks = Stopwatch.Frequency;

    private Thread? _thread;
    private long _stopAskedAtTicks = long.MaxValue;

    /// <summary>Name of the thread in traces.</summary>
    public string Role { get; } = $"ingest-{sourceId}";

    /// <summary>True once the source shall stop.</summary>
    public bool IsStopping => Volatile.Read(ref _stopAskedAtTicks) != long.MaxValue;

    /// <summary>True when passing on what is left has taken too long: give up and count.</summary>
    public bool IsOutOfTime
    {
        get
        {
            var askedAt = Volatile.Read(ref _stopAskedAtTicks);
            return askedAt != long.MaxValue && Stopwatch.GetTimestamp() - askedAt > GraceTicks;
        }
    }

    /// <summary>Runs the loop on a thread of its own, pinned unless <paramref name="cpu"/> is null.</summary>
    /// <param name="cpu">CPU index.</param>
    /// <param name="loop">Returns soon after <see cref="IsStopping"/> turned true.</param>
    /// <param name="onFault">Told once, on that thread, why the loop ended early. Must not throw.</param>
    public void Start(int? cpu, Action loop, Action<string, Exception> onFault)
    {
        _thread = new Thread(() => Run(cpu, loop, onFault), StackBytes) { Name = Role, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Asks the loop to stop and waits until the thread has left it.</summary>
    public void Stop()
    {
        Interlocked.CompareExchange(ref _stopAskedAtTicks, Stopwatch.GetTimestamp(), long.MaxValue);
        doorbell.Ring();
        _thread?.Join();
    }

    private void Run(int? cpu, Action loop, Action<string, Exception> onFault)
    {
        try
        {
            ThreadRoster.Enter(Role);
            CpuAffinity.PinCallingThread(cpu);
            loop();
        }
        catch (Exception fault)
        {
            onFault(Role, fault);
        }
        finally
        {
            ThreadRoster.Leave();
        }
    }
}
