using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Detection.Stages;

/// <summary>The digest of a payload, beside the framework's one-shot call.</summary>
[MemoryDiagnoser]
public class Sha256Benchmarks
{
    private readonly Detector _detector = StageRules.DetectorOf(RuleSet.Empty);
    private readonly byte[] _digest = new byte[HashList.DigestBytes];
    private byte[] _payload = [];

    /// <summary>Bytes of the payload.</summary>
    [Params(64, 256, 4096)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Check()
    {
        _payload = new byte[Bytes];
        new Random(Bytes).NextBytes(_payload);
        ComputeSha256();
        StageRules.Require(_digest.AsSpan().SequenceEqual(SHA256.HashData(_payload)), "another digest than the framework's");
    }

    [Benchmark(Baseline = true)]
    public void ComputeSha256() => _detector.ComputeSha256(_payload, _digest);

    [Benchmark]
    public void FrameworkHashData() => SHA256.HashData(_payload, _digest);
}
