using System.IO.Hashing;
using System.Numerics;
using System.Security.Cryptography;

namespace SensorGateway.Pipeline.Detection.Verdicts;

/// <summary>Keys of payloads, and which of them came before: only what repeats is worth keeping. Owner: one cache.</summary>
internal sealed class SecondSight
{
    private readonly ulong[] _seenOnce; // Hashes seen lately.
    private readonly long _seed;

    /// <param name="entries">Of the cache; a few times as many hashes are remembered.</param>
    public SecondSight(int entries)
    {
        _seenOnce = new ulong[BitOperations.RoundUpToPowerOf2((uint)entries * 4)];
        Span<byte> seed = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(seed); // Secret, so that nobody can aim payloads at one bucket chain.
        _seed = BitConverter.ToInt64(seed);
    }

    public ulong HashOf(ReadOnlySpan<byte> payload) => XxHash3.HashToUInt64(payload, _seed);

    /// <summary>A flood of payloads that never repeat passes here without touching the entries.</summary>
    public bool IsSecond(ulong hash)
    {
        ref var seen = ref _seenOnce[hash & (ulong)(_seenOnce.Length - 1)];
        var isSecond = seen == hash;
        seen = hash;
        return isSecond;
    }
}
