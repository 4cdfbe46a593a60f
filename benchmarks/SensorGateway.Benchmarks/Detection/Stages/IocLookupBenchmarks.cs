using BenchmarkDotNet.Attributes;
using SensorGateway.Pipeline.Detection.Hashes;
using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Detection.Stages;

/// <summary>Looking a digest up among a million.</summary>
[MemoryDiagnoser]
public class IocLookupBenchmarks
{
    public const int Digests = 1_000_000;

    private const int Spread = 4_096; // As many different digests are asked for, so that caches do not answer alone.

    private readonly DigestIndex _index;
    private readonly byte[][] _present = new byte[Spread][];
    private readonly byte[][] _absent = new byte[Spread][];
    private int _next;

    public IocLookupBenchmarks()
    {
        var list = RandomDigests(1, Digests);
        _index = new DigestIndex([list]);
        var others = RandomDigests(2, Spread);
        for (var i = 0; i < Spread; i++)
        {
            _present[i] = list.AsSpan(i * (Digests / Spread) * HashList.DigestBytes, HashList.DigestBytes).ToArray();
            _absent[i] = others.AsSpan(i * HashList.DigestBytes, HashList.DigestBytes).ToArray();
        }
    }

    [GlobalSetup]
    public void Check()
    {
        for (var i = 0; i < Spread; i++)
        {
            StageRules.Require(Find_PresentDigest(), "a digest of the list was not found");
            StageRules.Require(!Find_AbsentDigest(), "a digest was found that is not in the list");
        }
    }

    [Benchmark]
    public bool Find_PresentDigest() => _index.Find(Next(_present)).MoveNext();

    [Benchmark]
    public bool Find_AbsentDigest() => _index.Find(Next(_absent)).MoveNext();

    internal static byte[] RandomDigests(int seed, int count)
    {
        var digests = new byte[count * HashList.DigestBytes];
        new Random(seed).NextBytes(digests);
        return digests;
    }

    private byte[] Next(byte[][] digests) => digests[_next = (_next + 1) % Spread];
}
