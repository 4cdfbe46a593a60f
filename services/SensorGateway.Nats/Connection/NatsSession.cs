using SensorGateway.Nats.JetStream;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats.Connection;

/// <summary>One accepted login: its socket, its open fences, and what the two sides tell each other.</summary>
/// <remarks>
/// The reading side creates it and offers it. From <see cref="SessionSlot.TryTake"/> on the sending side owns the
/// descriptor; it closes it only after the reading side has called <see cref="EndReading"/>.
/// </remarks>
internal sealed class NatsSession(Transport socket, ServerInfo info) : IDisposable
{
    private int _pongsOwed;
    private volatile bool _pingWanted;
    private volatile bool _readingEnded;
    private volatile string? _sendFailure;
    private long _pingsSent;
    private long _pingSentTicks;
    private long _blockedSinceTicks;

    public Transport Socket { get; } = socket;

    public ServerInfo Info { get; } = info;

    /// <summary>Answers of the stream; null unless delivery is JetStream.</summary>
    public AckQueue? Acks { get; init; }

    /// <summary>Refused subjects; null unless delivery is JetStream, where no answer comes for them.</summary>
    public RefusalQueue? Refusals { get; init; }

    public FenceQueue Fences { get; } = new();

    /// <summary>The reading side has let go: the socket may be closed.</summary>
    public bool ReadingEnded => _readingEnded;

    /// <summary>Why sending failed first, if it did.</summary>
    public string? SendFailure => _sendFailure;

    /// <summary>
    /// The reading side wants a PING sent: the server has been silent for long, or fences its last words.
    /// </summary>
    public bool PingWanted
    {
        get => _pingWanted;
        set => _pingWanted = value;
    }

    /// <summary>PINGs wholly handed to the socket.</summary>
    public long PingsSent => Volatile.Read(ref _pingsSent);

    /// <summary>When the oldest of the PINGs that were open at the time was sent.</summary>
    public long PingSentTicks => Volatile.Read(ref _pingSentTicks);

    /// <summary>Since when the socket has taken no bytes though there were some; 0 while it takes them.</summary>
    public long BlockedSinceTicks
    {
        get => Volatile.Read(ref _blockedSinceTicks);
        set => Volatile.Write(ref _blockedSinceTicks, value);
    }

    /// <summary>Reading side: the server sent PING.</summary>
    public void OwePong() => Interlocked.Increment(ref _pongsOwed);

    /// <summary>Sending side: how many PONGs to send now.</summary>
    public int TakeOwedPongs() => Volatile.Read(ref _pongsOwed) == 0 ? 0 : Interlocked.Exchange(ref _pongsOwed, 0);

    /// <summary>Sending side: these did not fit.</summary>
    public void GiveBackPongs(int count) => Interlocked.Add(ref _pongsOwed, count);

    /// <summary>Sending side: PINGs went wholly into the socket.</summary>
    public void NotePingsSent(int count, long nowTicks)
    {
        if (_pingsSent == Fences.Answered)
        {
            Volatile.Write(ref _pingSentTicks, nowTicks);
        }

        // Release, pairs with the reader's look at PingsSent: the time is there before the count.
        Volatile.Write(ref _pingsSent, _pingsSent + count);
    }

    /// <summary>
    /// Sending side: the socket is of no use any more. Wakes the reading side, which ends the session.
    /// </summary>
    public void FailSending(string reason)
    {
        _sendFailure ??= reason;
        Socket.Shutdown();
    }

    /// <summary>Reading side: its last call. Nothing of the session is touched by it afterwards.</summary>
    public void EndReading()
    {
        Socket.Shutdown();
        _readingEnded = true;
    }

    public void Dispose() => Socket.Dispose();
}

/// <summary>Hands a session from the reading side to the sending side; whoever empties the slot owns it.</summary>
internal sealed class SessionSlot
{
    private NatsSession? _offered;

    public void Offer(NatsSession session) => Volatile.Write(ref _offered, session);

    /// <summary>Sending side: one plain read when there is nothing new.</summary>
    public NatsSession? TryTake() =>
        Volatile.Read(ref _offered) is null ? null : Interlocked.Exchange(ref _offered, null);

    /// <summary>Reading side: takes back a session that nobody has taken. False when the sending side has it.</summary>
    public bool TryWithdraw(NatsSession session) =>
        Interlocked.CompareExchange(ref _offered, null, session) == session;
}
