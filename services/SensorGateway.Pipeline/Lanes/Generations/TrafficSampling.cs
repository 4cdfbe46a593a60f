using SensorGateway.Pipeline.Detection.Workers;

namespace SensorGateway.Pipeline.Lanes.Generations;

/// <summary>Collects some of the payloads that pass, from its making until it is disposed.</summary>
/// <remarks>What comes next is mostly like what came just now: nothing warms a generation of rules better.</remarks>
public sealed class TrafficSampling : IDisposable
{
    private readonly (PayloadTap Tap, PayloadSample Sample)[] _taps;

    internal TrafficSampling(DetectionLane[] lanes)
    {
        _taps = Array.ConvertAll(lanes, static lane => (lane.Worker.Tap, new PayloadSample()));
        foreach (var (tap, sample) in _taps)
        {
            tap.Use(sample);
        }
    }

    /// <summary>The payloads so far: at most 512 and 1 MiB from each worker.</summary>
    public IReadOnlyCollection<byte[]> Payloads() => [.. _taps.SelectMany(static one => one.Sample.Payloads())];

    /// <summary>Ends the collecting.</summary>
    public void Dispose()
    {
        foreach (var (tap, _) in _taps)
        {
            tap.Use(null);
        }
    }
}
