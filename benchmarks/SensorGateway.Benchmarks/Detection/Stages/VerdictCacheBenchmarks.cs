using BenchmarkDotNet.Attributes;
using SensorGateway.Pipeline.Detection;

namespace SensorGateway.Benchmarks.Detection.Stages;

/// <summary>A verdict from the cache beside hashing the payload again, at several shares of repeated payloads.</summary>
[MemoryDiagnoser]
public class VerdictCacheBenchmarks
{
    private readonly Detector _cached = StageRules.DetectorOf(RepeatingPayloads.HashesOnly, RepeatingPayloads.CacheEntries);
    private readonly Detector _hashing = StageRules.DetectorOf(RepeatingPayloads.HashesOnly);
    private byte[][] _payloads = [];
    private int _next;

    /// <summary>Share of payloads that repeat.</summary>
    [Params(0, 34, 90)]
    public int RepeatPercent { get; set; }

    [GlobalSetup]
    public void Check()
    {
        _payloads = RepeatingPayloads.Create(RepeatPercent, 256);
        for (var i = 0; i < 2 * _payloads.Length; i++)
        {
            StageRules.Require(_cached.Inspect(_payloads[i % _payloads.Length]).IsClean, "a digest that is not in the list");
        }

        var share = 100.0 * _cached.Counters.CacheHits / _cached.Counters.Payloads;
        StageRules.Require(Math.Abs(share - RepeatPercent) < 5, $"{share:F0} % hits where {RepeatPercent} % repeat");
    }

    [Benchmark]
    public bool CacheOn() => _cached.Inspect(Next()).IsClean;

    [Benchmark(Baseline = true)]
    public bool HashingAgain() => _hashing.Inspect(Next()).IsClean;

    private byte[] Next() => _payloads[_next = _next == _payloads.Length - 1 ? 0 : _next + 1];
}
