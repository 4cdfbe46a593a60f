using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Lanes.Generations;

namespace SensorGateway.Hosting.Reloading;

/// <summary>Has regexes that run often compiled in the background. Owner: the reload thread.</summary>
/// <remarks>
/// One look sees that there are some and begins to collect payloads, the next compiles with what was collected: only code
/// that real payloads have reached is handed to detection, so that it never compiles any itself.
/// </remarks>
internal sealed class HotRegexes(Gateway gateway) : IDisposable
{
    /// <summary>Compiling costs about as much as this many runs save.</summary>
    private const long RunsMin = 20_000;

    private TrafficSampling? _sampling;

    /// <summary>Looks, or compiles.</summary>
    public void Tick()
    {
        var program = gateway.Program;
        if (_sampling is null)
        {
            _sampling = program.HasHotRegexes(RunsMin) ? gateway.BeginSampling() : null;
            return;
        }

        var payloads = _sampling.Payloads();
        Dispose();
        try
        {
            program.CompileHotRegexes(RunsMin, payloads);
        }
        catch (InsufficientExecutionStackException)
        {
            // Too deep a pattern for the compiler: it stays interpreted, and is left alone after some attempts.
        }
    }

    /// <summary>Collects no more.</summary>
    public void Dispose()
    {
        _sampling?.Dispose();
        _sampling = null;
    }
}
