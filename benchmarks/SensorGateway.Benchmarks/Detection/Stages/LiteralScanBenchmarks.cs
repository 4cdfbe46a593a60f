using System.Text;
using BenchmarkDotNet.Attributes;

namespace SensorGateway.Benchmarks.Detection.Stages;

/// <summary>The literal stage alone: a hundred literals looked for at once.</summary>
[MemoryDiagnoser]
public class LiteralScanBenchmarks
{
    private static readonly ScanEngine Scan = new(StageRules.Literals);
    private readonly byte[] _hit = Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(StageRules.Clean)[..200] + " evil-host-042.example ");

    [GlobalSetup]
    public void Check()
    {
        StageRules.Require(Scan_256ByteCleanPayload() == 0, "literals in a clean payload");
        StageRules.Require(Scan_PayloadWithOneLiteral() == 1, "not one literal in a payload that holds one");
    }

    [Benchmark]
    public int Scan_256ByteCleanPayload() => Scan.Matches(StageRules.Clean);

    [Benchmark]
    public int Scan_PayloadWithOneLiteral() => Scan.Matches(_hit);
}
