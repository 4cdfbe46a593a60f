using BitFaster.Caching.Lru;

namespace SensorGateway.Pipeline.Detection.Verdicts.BitFaster;

/// <summary>Verdicts in the concurrent LRU of BitFaster.Caching, although only one detector uses each.</summary>
/// <remarks>
/// An object per entry: what is kept is allocated, and garbage collections follow it. Two payloads with one hash push
/// each other out, which costs hits and nothing else.
/// </remarks>
internal sealed class BitFasterVerdictCache : IVerdictCache
{
    private const int EntriesMin = 3; // The library takes no fewer: it has three queues.

    private readonly FastConcurrentLru<ulong, Entry> _entries;
    private readonly SecondSight _sights;
    private readonly int _payloadBytesMax;

    /// <param name="entries">At least one; the library keeps no fewer than three.</param>
    /// <param name="payloadBytesMax">Longer payloads are not kept.</param>
    public BitFasterVerdictCache(int entries, int payloadBytesMax)
    {
        _entries = new FastConcurrentLru<ulong, Entry>(
            concurrencyLevel: 1, Math.Max(entries, EntriesMin), EqualityComparer<ulong>.Default);
        _sights = new SecondSight(entries);
        _payloadBytesMax = payloadBytesMax;
    }

    /// <inheritdoc/>
    public bool Takes(int payloadBytes) => payloadBytes <= _payloadBytesMax;

    /// <inheritdoc/>
    public ulong HashOf(ReadOnlySpan<byte> payload) => _sights.HashOf(payload);

    /// <inheritdoc/>
    public bool TryGet(ulong hash, ReadOnlySpan<byte> payload, long generation, out CachedVerdict verdict)
    {
        if (_entries.TryGet(hash, out var entry) && entry.Generation == generation
            && payload.SequenceEqual(entry.Payload))
        {
            verdict = new CachedVerdict(entry.Rules, entry.Sha256);
            return true;
        }

        verdict = default;
        return false;
    }

    /// <inheritdoc/>
    public void Put(ulong hash, ReadOnlySpan<byte> payload, long generation, CachedVerdict verdict)
    {
        if (_sights.IsSecond(hash) && verdict.Rules.Length <= IVerdictCache.RulesMax)
        {
            _entries.AddOrUpdate(
                hash, new Entry(generation, payload.ToArray(), verdict.Rules.ToArray(), verdict.Sha256.ToArray()));
        }
    }

    private sealed record Entry(long Generation, byte[] Payload, int[] Rules, byte[] Sha256);
}
