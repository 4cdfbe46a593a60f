namespace SensorGateway.Nats.JetStream;

/// <summary>Subjects the server has just refused, on their way from the reading side to the sending side.</summary>
/// <remarks>
/// Owners: the reading side adds, the sending side takes. Invariant: <c>taken &lt;= added &lt;= taken + Capacity</c>.
/// A refusal that finds no room is forgotten: its message is sent again after the time for an answer, and refused again.
/// </remarks>
internal sealed class RefusalQueue
{
    public const int Capacity = 1024; // A power of two; as many as a window has messages.

    private readonly byte[]?[] _subjects = new byte[]?[Capacity];
    private long _added;
    private long _taken;

    /// <summary>Reading side.</summary>
    public void TryAdd(ReadOnlySpan<byte> subject)
    {
        // Acquire, pairs with TryTake: the slot was read before we fill it again.
        if (_added - Volatile.Read(ref _taken) == Capacity)
        {
            return;
        }

        _subjects[(int)(_added & (Capacity - 1))] = subject.ToArray();

        // Release, pairs with TryTake: the subject is written before the count moves.
        Volatile.Write(ref _added, _added + 1);
    }

    /// <summary>Sending side; null when there is none.</summary>
    public byte[]? TryTake()
    {
        // Acquire, pairs with TryAdd.
        if (_taken == Volatile.Read(ref _added))
        {
            return null;
        }

        var subject = _subjects[(int)(_taken & (Capacity - 1))];

        // Release, pairs with TryAdd: we have read the slot before it may be filled again.
        Volatile.Write(ref _taken, _taken + 1);
        return subject;
    }
}
