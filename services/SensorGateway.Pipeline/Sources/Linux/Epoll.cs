using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Sources.Linux;

/// <summary>Waits for many descriptors at once, level-triggered. Owner: the ingest thread, before it starts its maker.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Remove = 2;
    private const uint Readable = 1;

    // The kernel's struct is packed on x64 and aligned elsewhere.
    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int KeyOffset = EventBytes - sizeof(long);

    private readonly int _descriptor;
    private readonly byte[] _events;
    private readonly byte* _first;

    /// <param name="readyMax">Most descriptors told of by one <see cref="Wait"/>.</param>
    public Epoll(int readyMax)
    {
        ReadyMax = readyMax;
        _events = GC.AllocateArray<byte>(readyMax * EventBytes, pinned: true);
        _first = (byte*)Unsafe.AsPointer(ref _events[0]); // Pinned for good, so the pointer stays true.
        _descriptor = SocketCalls.EpollCreate(CloseOnExec);
        if (_descriptor < 0)
        {
            throw Failed("epoll_create1");
        }
    }

    /// <summary>Most descriptors told of by one <see cref="Wait"/>.</summary>
    public int ReadyMax { get; }

    /// <summary>Watches a descriptor for bytes to read, for connections, and for its end.</summary>
    /// <param name="key">Comes back from <see cref="KeyOf"/>.</param>
    public bool TryWatch(int descriptor, long key)
    {
        var change = stackalloc byte[16];
        *(uint*)change = Readable;
        *(long*)(change + KeyOffset) = key;
        return SocketCalls.EpollControl(_descriptor, Add, descriptor, change) == 0;
    }

    /// <summary>As <see cref="TryWatch"/>, where failing would leave the source deaf.</summary>
    public void Watch(int descriptor, long key)
    {
        if (!TryWatch(descriptor, key))
        {
            throw Failed("epoll_ctl");
        }
    }

    /// <summary>Stops watching; closing a descriptor does so only when no other process holds a copy of it.</summary>
    public void Forget(int descriptor)
    {
        var unused = stackalloc byte[16];
        _ = SocketCalls.EpollControl(_descriptor, Remove, descriptor, unused);
    }

    /// <summary>Sleeps until a descriptor is ready or time is up.</summary>
    /// <param name="timeoutMilliseconds">-1 waits without limit, 0 not at all.</param>
    /// <returns>How many are ready; 0 also after a signal.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)] // A frame of its own tells profiles waiting from working.
    public int Wait(int timeoutMilliseconds)
    {
        var ready = SocketCalls.EpollWait(_descriptor, _first, ReadyMax, timeoutMilliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() != SocketCalls.ErrorInterrupted)
        {
            throw Failed("epoll_wait");
        }

        return Math.Max(ready, 0);
    }

    /// <summary>Key of the n-th ready descriptor.</summary>
    public long KeyOf(int index) => *(long*)(_first + index * EventBytes + KeyOffset);

    /// <inheritdoc/>
    public void Dispose() => _ = LinuxCalls.Close(_descriptor);

    private static IOException Failed(string call) => new(
        $"{call} failed with errno {Marshal.GetLastPInvokeError()}; raise the limit of open files (ulimit -n).");
}
