using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.ConcurrencyTests.Threading;

/// <summary>
/// A role that empties a ring. It takes its time between its last look and its return, and some turns give up with
/// nothing done, as a role may whose neighbour has no room.
/// </summary>
internal sealed class RingDrain(RingReader reader) : IDutyCycle
{
    private readonly Random _dice = new(1);
    private long _handled;

    public string Role => "drain";

    /// <summary>Records taken out so far. Any thread may ask.</summary>
    public long Handled => Volatile.Read(ref _handled);

    public bool HasWork
    {
        get
        {
            var hasRecords = reader.HasRecords;
            Thread.SpinWait(20); // Time between the look and what is made of it.
            return hasRecords;
        }
    }

    public long BacklogNanoseconds => 0;

    public int DoWork()
    {
        if (_dice.Next(8) == 0)
        {
            return 0;
        }

        var handled = 0;
        while (handled < 4 && reader.TryRead(out _))
        {
            handled++;
        }

        reader.Release();
        Volatile.Write(ref _handled, _handled + handled);
        Thread.SpinWait(_dice.Next(200));
        return handled;
    }
}
