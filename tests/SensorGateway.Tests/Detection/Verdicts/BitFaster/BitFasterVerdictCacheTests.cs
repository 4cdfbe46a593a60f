using SensorGateway.Pipeline.Detection.Verdicts;
using SensorGateway.Pipeline.Detection.Verdicts.BitFaster;

namespace SensorGateway.Tests.Detection.Verdicts.BitFaster;

/// <summary>The LRU of BitFaster.Caching behind our interface.</summary>
public sealed class BitFasterVerdictCacheTests : VerdictCacheContract
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Create_WithFewerEntriesThanTheLibraryTakes_KeepsThem(int entries)
    {
        var cache = Create(entries, 64);
        byte[] payload = [7];
        var hash = cache.HashOf(payload);
        cache.Put(hash, payload, 1, default);
        cache.Put(hash, payload, 1, default);

        Assert.True(cache.TryGet(hash, payload, 1, out _));
    }

    internal override IVerdictCache Create(int entries, int payloadBytesMax) => new BitFasterVerdictCache(entries, payloadBytesMax);
}
