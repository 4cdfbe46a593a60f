using SensorGateway.Pipeline.Lanes;

namespace SensorGateway.Hosting.Reloading;

/// <summary>Has regexes that run often compiled in the background. Owner: the reload thread.</summary>
internal sealed class HotRegexes(Gateway gateway)
{
    // About a thousand runs cost as much as compiling.
    private const long RunsMin = 1_000;

    /// <summary>Takes the next step: asks detection for payloads that match, or compiles with those it kept.</summary>
    public void Tick()
    {
        try
        {
            gateway.Program.TuneRegexes(RunsMin);
        }
        catch (InsufficientExecutionStackException)
        {
            // Too deep a pattern for the compiler: it stays interpreted.
        }
    }
}
