using SensorGateway.Rules.Model;

namespace SensorGateway.Benchmarks.Detection.Stages;

/// <summary>Traffic of which a stated share repeats payloads seen lately, against a list of known-bad digests.</summary>
internal static class RepeatingPayloads
{
    /// <summary>Entries of the cache under test.</summary>
    public const int CacheEntries = 1_000;

    private const int Cycle = 16_384;
    private const int Favourites = 256;

    /// <summary>A list of digests that no payload has: each payload must be hashed, unless the cache knows its verdict.</summary>
    public static RuleSet HashesOnly { get; } =
        new([], [new HashList("known-bad", IocLookupBenchmarks.RandomDigests(3, 100_000), Labels: null)]);

    /// <summary>A cycle of payloads; what does not repeat is more than the cache holds, whenever it is enough to matter.</summary>
    /// <param name="percent">Share that repeats one of 256 payloads.</param>
    /// <param name="bytes">Length of each.</param>
    public static byte[][] Create(int percent, int bytes)
    {
        var random = new Random(percent);
        var favourites = Enumerable.Range(0, Favourites).Select(_ => Fresh(random, bytes)).ToArray();
        return
        [
            .. Enumerable.Range(0, Cycle)
                .Select(_ => random.Next(100) < percent ? favourites[random.Next(Favourites)] : Fresh(random, bytes)),
        ];
    }

    private static byte[] Fresh(Random random, int bytes)
    {
        var payload = new byte[bytes];
        random.NextBytes(payload);
        return payload;
    }
}
