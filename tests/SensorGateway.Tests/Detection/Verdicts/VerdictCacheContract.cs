using SensorGateway.Pipeline.Detection.Verdicts;

namespace SensorGateway.Tests.Detection.Verdicts;

/// <summary>What a detector relies on, whichever cache it has. Each cache's tests are a subclass.</summary>
public abstract class VerdictCacheContract
{
    [Fact]
    public void TryGet_AfterSecondSight_GivesTheVerdictBack()
    {
        var cache = Create(4, 64);
        byte[] payload = [1, 2, 3];
        var digest = new byte[32];
        digest[5] = 7;
        var hash = cache.HashOf(payload);
        cache.Put(hash, payload, 1, new CachedVerdict([3, 9], digest));
        Assert.False(cache.TryGet(hash, payload, 1, out _));

        cache.Put(hash, payload, 1, new CachedVerdict([3, 9], digest));
        Assert.True(cache.TryGet(hash, payload, 1, out var verdict));

        Assert.Equal([3, 9], verdict.Rules.ToArray());
        Assert.Equal(digest, verdict.Sha256.ToArray());
    }

    [Fact]
    public void TryGet_OfForgedHash_IsAMissBecauseBytesDiffer()
    {
        var cache = Create(4, 64);
        byte[] clean = [1, 2, 3];
        byte[] evil = [1, 2, 4];
        var hash = cache.HashOf(clean);
        cache.Put(hash, clean, 1, default);
        cache.Put(hash, clean, 1, default);

        Assert.True(cache.TryGet(hash, clean, 1, out _));
        Assert.False(cache.TryGet(hash, evil, 1, out _)); // As if both payloads had one hash.
        Assert.False(cache.TryGet(hash, [1, 2, 3, 0], 1, out _));
    }

    [Fact]
    public void TryGet_OfAnotherGeneration_IsAMiss()
    {
        var cache = Create(4, 64);
        byte[] payload = [1];
        var hash = cache.HashOf(payload);
        cache.Put(hash, payload, 1, default);
        cache.Put(hash, payload, 1, default);

        Assert.False(cache.TryGet(hash, payload, 2, out _));
    }

    [Fact]
    public void TryGet_UnderRandomUse_AgreesWithADictionaryOfLastVerdictsAndStaysBounded()
    {
        var random = new Random(7);
        var cache = Create(16, 8);
        var model = new Dictionary<string, int>();
        var hits = 0;
        for (var step = 0; step < 50_000; step++)
        {
            var payload = new byte[random.Next(0, 9)];
            payload.AsSpan().Fill((byte)random.Next(6));
            var key = Convert.ToHexString(payload);
            var hash = cache.HashOf(payload);
            if (cache.TryGet(hash, payload, 1, out var verdict))
            {
                hits++;
                Assert.Equal([model[key]], verdict.Rules.ToArray());
            }
            else
            {
                model[key] = step;
                cache.Put(hash, payload, 1, new CachedVerdict([step], default));
            }
        }

        Assert.InRange(hits, 1_000, 49_000); // It does hit, and 16 entries cannot hold all 49 payloads.
    }

    [Fact]
    public void Put_OfAFloodOfUniquePayloads_KeepsWhatRepeats()
    {
        var cache = Create(8, 8);
        byte[] beat = [42];
        var hash = cache.HashOf(beat);
        cache.Put(hash, beat, 1, default);
        cache.Put(hash, beat, 1, default);
        for (var i = 0; i < 10_000; i++)
        {
            var unique = BitConverter.GetBytes((long)i);
            cache.Put(cache.HashOf(unique), unique, 1, default);
        }

        Assert.True(cache.TryGet(hash, beat, 1, out _));
    }

    internal abstract IVerdictCache Create(int entries, int payloadBytesMax);
}
