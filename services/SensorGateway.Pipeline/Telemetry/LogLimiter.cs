using System.Diagnostics;

namespace SensorGateway.Pipeline.Telemetry;

/// <summary>Lets the first line of a kind through at once, then counts, and gives one sum per interval.</summary>
/// <remarks>Owner: one thread. Costs no allocation, so it may stand on the payload path.</remarks>
/// <param name="interval">Shortest time between two lines; 10 seconds unless told.</param>
public sealed class LogLimiter(TimeSpan? interval = null)
{
    private readonly long _intervalTicks =
        (long)((interval ?? TimeSpan.FromSeconds(10)).TotalSeconds * Stopwatch.Frequency);

    private long _closedUntilTicks = long.MinValue;
    private long _held;

    /// <summary>When <see cref="TakeHeld"/> will give something, in Stopwatch ticks; <see cref="long.MaxValue"/> if nothing is held.</summary>
    public long DueAtTicks => _held > 0 ? _closedUntilTicks : long.MaxValue;

    /// <summary>True: write the line. False: it was counted for the next sum.</summary>
    public bool TryPass(long nowTicks)
    {
        if (_held == 0 && nowTicks >= _closedUntilTicks)
        {
            _closedUntilTicks = nowTicks + _intervalTicks;
            return true;
        }

        _held++;
        return false;
    }

    /// <summary>How many lines were held back, if it is time to say so; otherwise 0.</summary>
    /// <param name="nowTicks"><see cref="long.MaxValue"/> asks for the last sum, at the end.</param>
    public long TakeHeld(long nowTicks)
    {
        if (nowTicks < DueAtTicks || _held == 0)
        {
            return 0;
        }

        var held = _held;
        _held = 0;
        _closedUntilTicks = nowTicks == long.MaxValue ? nowTicks : nowTicks + _intervalTicks;
        return held;
    }
}
