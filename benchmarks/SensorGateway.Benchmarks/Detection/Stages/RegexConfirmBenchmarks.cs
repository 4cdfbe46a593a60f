using BenchmarkDotNet.Attributes;
using SensorGateway.Pipeline.Detection;

namespace SensorGateway.Benchmarks.Detection.Stages;

/// <summary>A back reference behind a literal: the .NET regex has the last word, in both directions.</summary>
[MemoryDiagnoser]
public class RegexConfirmBenchmarks
{
    private readonly Detector _detector = StageRules.DetectorOf(StageRules.Confirmed);
    private readonly byte[] _nearly = [.. StageRules.Echo.Select(static b => b == (byte)'v' ? (byte)'w' : b)];

    [GlobalSetup]
    public void Check()
    {
        StageRules.Require(Confirm_PayloadThatMatches() == 1, "no match in a payload that holds one");
        StageRules.Require(Confirm_PayloadThatDoesNot() == 0, "a match in a payload without the second half");
        StageRules.Require(_detector.Counters.RegexRuns > 0, "no regex ran");
    }

    [Benchmark]
    public int Confirm_PayloadThatMatches() => _detector.Inspect(StageRules.Echo).Rules.Length;

    [Benchmark]
    public int Confirm_PayloadThatDoesNot() => _detector.Inspect(_nearly).Rules.Length;
}
