namespace SensorGateway.Pipeline.Telemetry;

/// <summary>Why a payload never reached detection although it was whole.</summary>
public enum DropReason
{
    /// <summary>The ring was full and the source's overload policy is drop.</summary>
    RingFull,

    /// <summary>The kernel's socket buffer overflowed before the gateway read it (UDP).</summary>
    SocketBuffer,
}

/// <summary>Why received bytes were not taken as a payload.</summary>
public enum RejectReason
{
    /// <summary>A length-prefixed frame of length 0.</summary>
    EmptyFrame,

    /// <summary>Longer than the source's max_payload.</summary>
    TooLarge,

    /// <summary>Bytes that do not follow the framing.</summary>
    BadFrame,

    /// <summary>The connection closed inside a frame.</summary>
    CutFrame,

    /// <summary>A frame was not complete within frame_timeout.</summary>
    FrameTimeout,

    /// <summary>A datagram longer than max_payload was cut off by the kernel.</summary>
    Truncated,

    /// <summary>No room for another sensor's name.</summary>
    SensorsFull,
}

/// <summary>What one source has seen. Written by its ingest thread, read by anybody.</summary>
public sealed class SourceCounters
{
    private readonly long[] _rejected = new long[Enum.GetValues<RejectReason>().Length];
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];
    private long _received;
    private long _receivedBytes;
    private long _connectionsAccepted;
    private long _connectionsRefused;
    private long _connectionsTimedOut;
    private int _connectionsOpen;

    /// <summary>Payloads received: accepted, rejected and dropped together.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Bytes of the accepted payloads.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>Connections ever accepted.</summary>
    public long ConnectionsAccepted => Volatile.Read(ref _connectionsAccepted);

    /// <summary>Connections closed at once because max_connections were open.</summary>
    public long ConnectionsRefused => Volatile.Read(ref _connectionsRefused);

    /// <summary>Connections closed by idle_timeout or frame_timeout.</summary>
    public long ConnectionsTimedOut => Volatile.Read(ref _connectionsTimedOut);

    /// <summary>Connections open now.</summary>
    public int ConnectionsOpen => Volatile.Read(ref _connectionsOpen);

    /// <summary>Payloads rejected for one reason.</summary>
    public long Rejected(RejectReason reason) => Volatile.Read(ref _rejected[(int)reason]);

    /// <summary>Payloads dropped for one reason.</summary>
    public long Dropped(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    /// <summary>A payload was put into the ring. Ingest thread only, like every method below.</summary>
    public void CountAccepted(int payloadBytes)
    {
        _received++;
        _receivedBytes += payloadBytes;
    }

    /// <summary>Received and rejected.</summary>
    public void CountRejected(RejectReason reason)
    {
        _received++;
        _rejected[(int)reason]++;
    }

    /// <summary>Received and dropped.</summary>
    public void CountDropped(DropReason reason, long payloads = 1)
    {
        _received += payloads;
        _dropped[(int)reason] += payloads;
    }

    /// <summary>A connection was accepted.</summary>
    public void CountConnectionOpened()
    {
        _connectionsAccepted++;
        _connectionsOpen++;
    }

    /// <summary>A connection was closed.</summary>
    public void CountConnectionClosed() => _connectionsOpen--;

    /// <summary>A connection was refused because too many are open.</summary>
    public void CountConnectionRefused() => _connectionsRefused++;

    /// <summary>A connection is about to be closed by a timeout.</summary>
    public void CountConnectionTimedOut() => _connectionsTimedOut++;
}
