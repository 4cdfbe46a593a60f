using System.Diagnostics;
using SensorGateway.Pipeline.Lanes;

namespace SensorGateway.Hosting;

/// <summary>Shares one snapshot among readers that come at the same time, such as a meter's fifty instruments.</summary>
internal sealed class SnapshotCache(Func<GatewaySnapshot> read)
{
    private static readonly TimeSpan Age = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private GatewaySnapshot? _last;
    private long _readAt;

    /// <summary>A snapshot that is at most 50 ms old.</summary>
    public GatewaySnapshot Recent()
    {
        lock (_gate)
        {
            if (_last is null || Stopwatch.GetElapsedTime(_readAt) > Age)
            {
                _last = read();
                _readAt = Stopwatch.GetTimestamp();
            }

            return _last;
        }
    }
}
