namespace SensorGateway.Nats.JetStream;

/// <summary>Answers on their way from the reading side to the sending side of one session.</summary>
/// <remarks>
/// Owners: the reading side adds, the sending side takes. Invariant: <c>taken &lt;= added &lt;= taken + Capacity</c>.
/// An answer that finds no room is forgotten: its message is sent again with the same id, and answered again.
/// </remarks>
internal sealed class AckQueue
{
    /// <summary>A power of two; several windows, because a message sent again may be answered twice.</summary>
    public const int Capacity = 4 * AckWindow.Max;

    private readonly AckEvent[] _events = new AckEvent[Capacity];
    private long _added;
    private long _taken;
    private long _wakeAt = long.MaxValue;

    /// <summary>Reading side.</summary>
    public bool TryAdd(in AckEvent ack)
    {
        // Acquire, pairs with TryTake: the slot was read before we fill it again.
        if (_added - Volatile.Read(ref _taken) == Capacity)
        {
            return false;
        }

        _events[(int)(_added & (Capacity - 1))] = ack;

        // Release, pairs with TryTake: the event is written before the count moves.
        Volatile.Write(ref _added, _added + 1);
        return true;
    }

    /// <summary>Sending side.</summary>
    public bool TryTake(out AckEvent ack)
    {
        // Acquire, pairs with TryAdd.
        if (_taken == Volatile.Read(ref _added))
        {
            ack = default;
            return false;
        }

        ack = _events[(int)(_taken & (Capacity - 1))];

        // Release, pairs with TryAdd: we have read the slot before it may be filled again.
        Volatile.Write(ref _taken, _taken + 1);
        return true;
    }

    /// <summary>
    /// Sending side: asks for a ring once so many more answers are there. True when they already are: then nobody rings.
    /// </summary>
    public bool AskToWake(int answers)
    {
        var wakeAt = _taken + answers;
        Volatile.Write(ref _wakeAt, wakeAt);

        // Full fence, pairs with ShouldWake: either we see its answers or it sees that we wait.
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _added) >= wakeAt;
    }

    /// <summary>Reading side, behind a batch of answers: true when the sending side waits for them.</summary>
    public bool ShouldWake()
    {
        // Full fence, pairs with AskToWake.
        Interlocked.MemoryBarrier();
        var wakeAt = Volatile.Read(ref _wakeAt);

        // Compared before it is cleared: a question asked in between stays.
        return _added >= wakeAt && Interlocked.CompareExchange(ref _wakeAt, long.MaxValue, wakeAt) == wakeAt;
    }
}
