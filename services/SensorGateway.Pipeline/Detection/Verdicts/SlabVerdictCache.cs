using System.Numerics;

namespace SensorGateway.Pipeline.Detection.Verdicts;

/// <summary>
/// The cache of every build: arrays of structs without references, which no garbage collection has to follow. No locks.
/// </summary>
/// <remarks>Entries of an older rule generation are misses and are overwritten in their turn.</remarks>
internal sealed class SlabVerdictCache : IVerdictCache
{
    private const int RulesMax = IVerdictCache.RulesMax;
    private const int None = -1;
    private const int DigestBytes = 32;

    private readonly Entry[] _entries;
    private readonly byte[] _payloads;
    private readonly int[] _rules;
    private readonly byte[] _digests;
    private readonly int[] _buckets;
    private readonly SecondSight _sights;
    private readonly int _payloadBytesMax;
    private int _used;
    private int _newest = None;
    private int _oldest = None;

    /// <param name="entries">At least one.</param>
    /// <param name="payloadBytesMax">Reserved per entry.</param>
    public SlabVerdictCache(int entries, int payloadBytesMax)
    {
        _payloadBytesMax = payloadBytesMax;
        _entries = new Entry[entries];
        _payloads = new byte[(long)entries * payloadBytesMax];
        _rules = new int[entries * RulesMax];
        _digests = new byte[entries * DigestBytes];
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)entries * 2)];
        _sights = new SecondSight(entries);
        _buckets.AsSpan().Fill(None);
    }

    /// <inheritdoc/>
    public bool Takes(int payloadBytes) => payloadBytes <= _payloadBytesMax;

    /// <inheritdoc/>
    public ulong HashOf(ReadOnlySpan<byte> payload) => _sights.HashOf(payload);

    /// <inheritdoc/>
    public bool TryGet(ulong hash, ReadOnlySpan<byte> payload, long generation, out CachedVerdict verdict)
    {
        for (var at = _buckets[BucketOf(hash)]; at != None; at = _entries[at].NextInBucket)
        {
            ref var entry = ref _entries[at];
            if (entry.Hash == hash && entry.Generation == generation && entry.PayloadBytes == payload.Length
                && PayloadOf(at, payload.Length).SequenceEqual(payload))
            {
                MoveToFront(at);
                verdict = new CachedVerdict(
                    _rules.AsSpan(at * RulesMax, entry.RuleCount),
                    entry.HasDigest ? _digests.AsSpan(at * DigestBytes, DigestBytes) : default);
                return true;
            }
        }

        verdict = default;
        return false;
    }

    /// <inheritdoc/>
    public void Put(ulong hash, ReadOnlySpan<byte> payload, long generation, CachedVerdict verdict)
    {
        if (!_sights.IsSecond(hash) || verdict.Rules.Length > RulesMax)
        {
            return;
        }

        var at = TakeEntry();
        ref var entry = ref _entries[at];
        ref var bucket = ref _buckets[BucketOf(hash)];
        entry.Hash = hash;
        entry.Generation = generation;
        entry.PayloadBytes = payload.Length;
        entry.RuleCount = verdict.Rules.Length;
        entry.HasDigest = !verdict.Sha256.IsEmpty;
        entry.NextInBucket = bucket;
        bucket = at;
        payload.CopyTo(PayloadOf(at, payload.Length));
        verdict.Rules.CopyTo(_rules.AsSpan(at * RulesMax));
        verdict.Sha256.CopyTo(_digests.AsSpan(at * DigestBytes));
        LinkFront(at);
    }

    private int BucketOf(ulong hash) => (int)(hash >> 32) & (_buckets.Length - 1);

    private Span<byte> PayloadOf(int at, int bytes) => _payloads.AsSpan(at * _payloadBytesMax, bytes);

    private int TakeEntry()
    {
        if (_used < _entries.Length)
        {
            return _used++;
        }

        var at = _oldest;
        Unlink(at);
        ref var next = ref _buckets[BucketOf(_entries[at].Hash)];
        while (next != at)
        {
            next = ref _entries[next].NextInBucket;
        }

        next = _entries[at].NextInBucket;
        return at;
    }

    private void MoveToFront(int at)
    {
        if (_newest != at)
        {
            Unlink(at);
            LinkFront(at);
        }
    }

    private void LinkFront(int at)
    {
        _entries[at].Newer = None;
        _entries[at].Older = _newest;
        if (_newest == None)
        {
            _oldest = at;
        }
        else
        {
            _entries[_newest].Newer = at;
        }

        _newest = at;
    }

    private void Unlink(int at)
    {
        var (newer, older) = (_entries[at].Newer, _entries[at].Older);
        if (newer == None)
        {
            _newest = older;
        }
        else
        {
            _entries[newer].Older = older;
        }

        if (older == None)
        {
            _oldest = newer;
        }
        else
        {
            _entries[older].Newer = newer;
        }
    }

    private struct Entry
    {
        public ulong Hash;
        public long Generation;
        public int PayloadBytes;
        public int RuleCount;
        public int NextInBucket;
        public int Newer;
        public int Older;
        public bool HasDigest;
    }
}
