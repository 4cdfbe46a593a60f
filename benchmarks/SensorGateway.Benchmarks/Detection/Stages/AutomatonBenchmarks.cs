using System.Text;
using BenchmarkDotNet.Attributes;
using SensorGateway.Pipeline.Detection;

namespace SensorGateway.Benchmarks.Detection.Stages;

/// <summary>Three patterns without a literal: the lazy automaton walks over every byte.</summary>
[MemoryDiagnoser]
public class AutomatonBenchmarks
{
    private readonly Detector _detector = StageRules.DetectorOf(StageRules.Automata);
    private readonly byte[] _hit = Encoding.ASCII.GetBytes("card 4111 1111 1111 1111 of a customer");

    [GlobalSetup]
    public void Check()
    {
        StageRules.Require(Inspect_256ByteCleanPayload() == 0, "a match in a clean payload");
        StageRules.Require(Inspect_PayloadThatMatches() == 1, "no match in a payload that holds one");
        StageRules.Require(_detector.Counters.AutomatonRuns > 0, "no automaton ran");
    }

    [Benchmark]
    public int Inspect_256ByteCleanPayload() => _detector.Inspect(StageRules.Clean).Rules.Length;

    [Benchmark]
    public int Inspect_PayloadThatMatches() => _detector.Inspect(_hit).Rules.Length;
}
