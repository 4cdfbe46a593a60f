using System.Diagnostics;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Detection;

/// <summary>Our own engine, cache off.</summary>
internal sealed class GatewayEngine : IMatchEngine
{
    private readonly Detector _detector;

    public GatewayEngine(RuleSet rules, bool guards)
    {
        var clock = Stopwatch.StartNew();
        var options = new DetectionOptions { CacheEntries = 0, GuardsAsConditions = guards };
        _detector = new Detector(RuleProgram.Build(rules, options), options);
        LoadMs = clock.Elapsed.TotalMilliseconds;
        Name = guards ? "gateway" : "gateway, guards ignored";
    }

    public string Name { get; }

    public double LoadMs { get; }

    public int PayloadsMax => int.MaxValue;

    /// <summary>Counters, for the details line.</summary>
    public DetectorCounters Counters => _detector.Counters;

    public int Matches(byte[] payload) => _detector.Inspect(payload).Rules.Length;

    public void Dispose()
    {
    }
}
