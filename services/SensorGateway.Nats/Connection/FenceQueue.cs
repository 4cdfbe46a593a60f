using SensorGateway.Nats.Sending;

namespace SensorGateway.Nats.Connection;

/// <summary>The PINGs of one session that wait for their PONG, oldest first.</summary>
/// <remarks>
/// Owners: the sending side arms and takes, the reading side answers. Invariant:
/// <c>taken &lt;= answered &lt;= armed &lt;= taken + Capacity</c>.
/// </remarks>
internal sealed class FenceQueue
{
    public const int Capacity = 64; // A power of two.

    private readonly FenceMark[] _marks = new FenceMark[Capacity];
    private long _armed;
    private long _answered;
    private long _taken;

    /// <summary>Sending side: PINGs whose answer it has not taken.</summary>
    public int InFlight => (int)(_armed - _taken);

    /// <summary>Sending side: another PING may be armed.</summary>
    public bool HasRoom => InFlight < Capacity;

    /// <summary>Any thread: PONGs received so far.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Sending side: the PING behind this mark is about to be sent.</summary>
    public void Arm(in FenceMark mark)
    {
        _marks[(int)(_armed & (Capacity - 1))] = mark;

        // Release, pairs with TryAnswer: the mark is written before the count moves.
        Volatile.Write(ref _armed, _armed + 1);
    }

    /// <summary>Reading side: a PONG came. False when nobody asked for it.</summary>
    public bool TryAnswer(out FenceMark mark)
    {
        // Acquire, pairs with Arm.
        if (_answered == Volatile.Read(ref _armed))
        {
            mark = default;
            return false;
        }

        mark = _marks[(int)(_answered & (Capacity - 1))];

        // Release, pairs with TryTake: we have read the slot before the sending side may fill it again.
        Volatile.Write(ref _answered, _answered + 1);
        return true;
    }

    /// <summary>Sending side: takes the next answered fence.</summary>
    public bool TryTake(out FenceMark mark)
    {
        // Acquire, pairs with TryAnswer.
        if (_taken == Volatile.Read(ref _answered))
        {
            mark = default;
            return false;
        }

        mark = _marks[(int)(_taken & (Capacity - 1))];
        _taken++;
        return true;
    }
}
