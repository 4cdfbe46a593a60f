using System.Diagnostics;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>Holds alerts back for the moment that sensors need to go to other connections in order.</summary>
/// <remarks>
/// A busy sensor always has unconfirmed alerts. So once a change is wanted, nothing new is taken until those under way are
/// confirmed: a round trip to the server. If that takes too long the change waits, not the alerts.
/// </remarks>
internal sealed class PoolMove(ShardMap map)
{
    private static readonly long LimitTicks = Stopwatch.Frequency / 50;
    private static readonly long PauseTicks = Stopwatch.Frequency;

    private long _sinceTicks; // 0 while nothing is held.
    private long _nextTicks;
    private long _moves;

    /// <summary>Alerts are held back now.</summary>
    public bool IsOn => _sinceTicks != 0;

    /// <summary>Changes carried through. Any thread may ask.</summary>
    public long Moves => Volatile.Read(ref _moves);

    /// <summary>True while no alert may be taken.</summary>
    public bool HoldsAlerts(long nowTicks)
    {
        if (!map.IsUnsettled && !IsOn)
        {
            return false;
        }

        if (!IsOn && nowTicks < _nextTicks)
        {
            return false;
        }

        if (map.TryMoveAll())
        {
            Volatile.Write(ref _moves, _moves + 1);
            End(nowTicks);
            return false;
        }

        if (!IsOn)
        {
            // What waits on a lost connection moves when that is back: holding the others' alerts would not help.
            if (!map.IsHeldUpByLiveConnection)
            {
                _nextTicks = nowTicks + PauseTicks;
                return false;
            }

            _sinceTicks = nowTicks;
            map.Hurry();
        }
        else if (nowTicks - _sinceTicks > LimitTicks)
        {
            End(nowTicks);
            return false;
        }

        return true;
    }

    private void End(long nowTicks)
    {
        _sinceTicks = 0;
        _nextTicks = nowTicks + PauseTicks;
        map.EndHurry();
    }
}

/// <summary>The pool at one moment.</summary>
/// <param name="Active">Connections that carry alerts.</param>
/// <param name="Connections">Connections there are.</param>
/// <param name="Why">Why so many are active, in words.</param>
/// <param name="Moves">How often sensors went to other connections.</param>
/// <param name="WindowMicroseconds">Longest time an alert waits for company now.</param>
public sealed record PoolSnapshot(int Active, int Connections, string Why, long Moves, double WindowMicroseconds);
