using System.Diagnostics;

namespace SensorGateway.Nats.Connection;

/// <summary>Lets one event through per interval: an outage of hours must not fill a disk with log lines.</summary>
internal struct RateLimit(TimeSpan interval)
{
    private long _lastTicks;

    public bool TryPass()
    {
        var now = Stopwatch.GetTimestamp();
        if (_lastTicks != 0 && Stopwatch.GetElapsedTime(_lastTicks, now) < interval)
        {
            return false;
        }

        _lastTicks = now;
        return true;
    }
}
