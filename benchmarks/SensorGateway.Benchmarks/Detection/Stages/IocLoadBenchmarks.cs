using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Detection.Stages;

/// <summary>From a file of a million digests to rules that can be put to work: time, and bytes allocated for it.</summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, warmupCount: 1, iterationCount: 5)]
public class IocLoadBenchmarks
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"sg-ioc-{Environment.ProcessId}.txt");

    [GlobalSetup]
    public void Check()
    {
        var digests = IocLookupBenchmarks.RandomDigests(1, IocLookupBenchmarks.Digests);
        using (var writer = new StreamWriter(_file, append: false, Encoding.ASCII))
        {
            for (var at = 0; at < digests.Length; at += HashList.DigestBytes)
            {
                writer.WriteLine(Convert.ToHexStringLower(digests, at, HashList.DigestBytes));
            }
        }

        StageRules.Require(LoadAMillionDigests().Rules.HashLists[0].Count == IocLookupBenchmarks.Digests, "not a million digests");
    }

    [Benchmark]
    public RuleProgram LoadAMillionDigests() =>
        RuleProgram.Build(RuleLoader.Load([], [_file], Path.GetTempPath()).Rules!, new DetectionOptions());

    [GlobalCleanup]
    public void Clean() => File.Delete(_file);
}
