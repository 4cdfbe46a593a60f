namespace SensorGateway.Nats.Sockets;

/// <summary>Bytes to and from a server, in the clear or encrypted, without ever waiting in send and receive.</summary>
/// <remarks>
/// One thread sends and another receives. Either may call <see cref="Shutdown"/>; only the owner disposes, when the
/// other side has let go.
/// </remarks>
internal abstract class Transport : IDisposable
{
    /// <summary>Answers of the calls below besides a count.</summary>
    public const int WouldBlock = -1;
    public const int Failed = -2;

    /// <summary>For poll(2); -1 once closed.</summary>
    public abstract int Descriptor { get; }

    /// <summary>Why the last call on this thread failed, in words.</summary>
    public abstract string LastErrorText { get; }

    /// <summary>Hands bytes over: how many were taken, or <see cref="WouldBlock"/>, or <see cref="Failed"/>.</summary>
    public abstract int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Passes on what was taken but not handed to the kernel: 0 when there is nothing of that kind left, or
    /// <see cref="WouldBlock"/>, or <see cref="Failed"/>.
    /// </summary>
    public abstract int TryFlush();

    /// <summary>
    /// Takes what has arrived: its size, 0 at the end, <see cref="WouldBlock"/> or <see cref="Failed"/>.
    /// </summary>
    public abstract int TryReceive(Span<byte> target);

    /// <summary>Sleeps until there is something to receive, or the end, or the time is over (then false).</summary>
    public abstract bool WaitReadable(TimeSpan limit);

    /// <summary>Sleeps until the socket takes bytes again, or failed, or the time is over (then false).</summary>
    public abstract bool WaitWritable(TimeSpan limit);

    /// <summary>Ends both directions: whoever waits on the socket wakes. The descriptor stays open.</summary>
    public abstract void Shutdown();

    /// <inheritdoc/>
    public abstract void Dispose();
}
