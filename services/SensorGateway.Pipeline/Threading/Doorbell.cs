using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Threading;

/// <summary>Wakes one parked thread. Anybody may ring; one thread waits.</summary>
/// <remarks>
/// On Linux an eventfd, because a thread must often wait for its bell and for sockets at once; waking through it costs
/// the same thread switch as a futex. Elsewhere a semaphore, which cannot watch sockets: only unit tests run there.
/// </remarks>
public sealed unsafe class Doorbell : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    private int _descriptor = -1;
    private readonly AutoResetEvent? _portable;

    /// <summary>Creates the bell.</summary>
    public Doorbell()
    {
        if (!OperatingSystem.IsLinux())
        {
            _portable = new AutoResetEvent(false);
            return;
        }

        _descriptor = LinuxCalls.EventFd(0, CloseOnExec | NonBlocking);
        if (_descriptor < 0)
        {
            throw new InvalidOperationException(
                $"eventfd failed with errno {Marshal.GetLastPInvokeError()}; raise the limit of open files (ulimit -n).");
        }
    }

    /// <summary>For epoll or poll beside sockets; -1 where the system has no eventfd.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Wakes the waiting thread, or makes its next wait return at once.</summary>
    public void Ring()
    {
        if (_portable is not null)
        {
            _portable.Set();
            return;
        }

        ulong one = 1;
        _ = LinuxCalls.Write(_descriptor, &one, sizeof(ulong));
    }

    /// <summary>Sleeps in the kernel until somebody rings, a watched socket takes bytes again, or time is up.</summary>
    /// <param name="timeoutMilliseconds">-1 waits without limit.</param>
    /// <param name="writable">Descriptors to watch for room to write; at most 16.</param>
    /// <returns>True when somebody rang.</returns>
    public bool Wait(int timeoutMilliseconds, ReadOnlySpan<int> writable = default)
    {
        if (_portable is not null)
        {
            return _portable.WaitOne(timeoutMilliseconds);
        }

        var entries = stackalloc LinuxCalls.PollEntry[17];
        entries[0] = new LinuxCalls.PollEntry { Descriptor = _descriptor, Events = LinuxCalls.PollIn };
        var count = 1;
        foreach (var descriptor in writable)
        {
            if (count < 17)
            {
                entries[count++] = new LinuxCalls.PollEntry { Descriptor = descriptor, Events = LinuxCalls.PollOut };
            }
        }

        var isRung = LinuxCalls.Poll(entries, (nuint)count, timeoutMilliseconds) > 0 && entries[0].Returned != 0;
        if (isRung)
        {
            Silence();
        }

        return isRung;
    }

    /// <summary>Forgets past rings; for a thread that saw <see cref="Descriptor"/> readable in its own epoll.</summary>
    public void Silence()
    {
        if (_descriptor >= 0)
        {
            ulong count;
            _ = LinuxCalls.Read(_descriptor, &count, sizeof(ulong));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _portable?.Dispose();

        // Forgotten before it is closed: the number may soon belong to somebody else's file.
        var descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = LinuxCalls.Close(descriptor);
        }
    }
}
