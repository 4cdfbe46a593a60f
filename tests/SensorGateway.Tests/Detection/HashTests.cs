using System.Security.Cryptography;
using SensorGateway.Pipeline.Detection.Hashes;

namespace SensorGateway.Tests.Detection;

public sealed class HashTests
{
    [Fact]
    public void Hash_OfEveryLengthUpToThreeBlocks_EqualsTheFramework()
    {
        var hasher = new PayloadHasher();
        var ours = new byte[32];
        var fallback = new byte[32];
        var random = new Random(1);
        for (var length = 0; length < 200; length++)
        {
            var payload = new byte[length];
            random.NextBytes(payload);
            hasher.Hash(payload, ours);
            hasher.HashByFramework(payload, fallback);

            Assert.Equal(SHA256.HashData(payload), ours);
            Assert.Equal(ours, fallback);
        }
    }

    [Fact]
    public void Find_AmongManyDigests_FindsEachOccurrenceInSourceOrderAndNothingElse()
    {
        var random = new Random(2);
        var first = new byte[32 * 1000];
        random.NextBytes(first);
        var second = first.AsSpan(32 * 10, 32 * 5).ToArray();
        var index = new DigestIndex([first, second]);
        for (var i = 0; i < 1000; i++)
        {
            var found = new List<(int, int)>();
            var matches = index.Find(first.AsSpan(32 * i, 32));
            while (matches.MoveNext())
            {
                found.Add((matches.Source, matches.Number));
            }

            (int, int)[] expected = i is >= 10 and < 15 ? [(0, i), (1, 1000 + i - 10)] : [(0, i)];
            Assert.Equal(expected, found);
        }

        var near = first.AsSpan(0, 32).ToArray();
        near[31] ^= 1; // Same slot and tag: only the full comparison tells.
        var none = index.Find(near);
        Assert.False(none.MoveNext());
    }

    [Fact]
    public void Find_InAnEmptyIndex_FindsNothing()
    {
        var none = new DigestIndex([]).Find(new byte[32]);

        Assert.False(none.MoveNext());
    }
}
