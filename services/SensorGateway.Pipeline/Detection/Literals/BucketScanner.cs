using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SensorGateway.Pipeline.Detection.Factors;

namespace SensorGateway.Pipeline.Detection.Literals;

/// <summary>
/// Finds short literals, 64 positions at a time. Immutable; shared by all workers. Needs AVX-512 VBMI.
/// </summary>
/// <remarks>
/// Literals are spread over buckets, eight to a group. For each of four neighbouring bytes a table tells which buckets
/// allow this byte here; the four answers anded leave the buckets to compare. One instruction looks 64 bytes up at
/// once:
/// its tables have 128 entries, so bytes that differ by 0x80 share one, which costs a vain comparison now and then.
/// </remarks>
internal sealed class BucketScanner
{
    /// <summary>More literals than this are found faster by other means.</summary>
    public const int LiteralsMax = 192;

    private const int Depth = 4;
    private const int BucketsPerGroup = 8;
    private const int LiteralsPerBucket = 2; // Aimed at; tables of a bucket blur when it holds many.
    private const int GroupsMax = 16;
    private const int TableBytes = 128;

    private readonly LiteralTable _literals;
    private readonly byte[] _tables; // Group, depth, byte.
    private readonly Member[][] _buckets;
    private readonly int _groups;

    public BucketScanner(LiteralTable literals, IReadOnlyCollection<int> numbers, GramFrequency frequency)
    {
        _literals = literals;
        var members = numbers.Select(number => Represent(number, frequency)).OrderBy(SortKey).ToArray();
        const int perGroup = BucketsPerGroup * LiteralsPerBucket;
        _groups = Math.Min(GroupsMax, (members.Length + perGroup - 1) / perGroup);
        _tables = new byte[_groups * Depth * TableBytes];
        var buckets = Math.Max(1, _groups * BucketsPerGroup);
        _buckets = new Member[buckets][];
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            // Neighbours in order share their first bytes, which keeps the bucket's tables sharp.
            var from = (int)((long)members.Length * bucket / buckets);
            var to = (int)((long)members.Length * (bucket + 1) / buckets);
            _buckets[bucket] = members[from..to];
            foreach (var member in _buckets[bucket])
            {
                Enter(member, bucket);
            }
        }
    }

    /// <summary>True where the processor has what it takes.</summary>
    public static bool IsSupported => Avx512Vbmi.IsSupported;

    /// <summary>Tells the sink every occurrence.</summary>
    public void Scan<TSink>(ReadOnlySpan<byte> payload, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        if (_groups == 0)
        {
            return;
        }

        // Whole blocks are read in place; what is left, at most a block and two bytes, from a copy with zeros behind
        // it.
        var inPlace = Math.Max(0, payload.Length - (Depth - 1)) / Vector512<byte>.Count * Vector512<byte>.Count;
        Span<byte> rest = stackalloc byte[2 * Vector512<byte>.Count + Depth];
        rest.Clear();
        payload[inPlace..].CopyTo(rest);
        for (var group = 0; group < _groups; group++)
        {
            ScanGroup(payload, inPlace, rest, group, ref sink);
        }
    }

    private void ScanGroup<TSink>(
        ReadOnlySpan<byte> payload, int inPlace, scoped ReadOnlySpan<byte> rest, int group, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        ref var tables = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tables), group * Depth * TableBytes);
        var low0 = Vector512.LoadUnsafe(ref tables, 0);
        var high0 = Vector512.LoadUnsafe(ref tables, 64);
        var low1 = Vector512.LoadUnsafe(ref tables, 128);
        var high1 = Vector512.LoadUnsafe(ref tables, 192);
        var low2 = Vector512.LoadUnsafe(ref tables, 256);
        var high2 = Vector512.LoadUnsafe(ref tables, 320);
        var low3 = Vector512.LoadUnsafe(ref tables, 384);
        var high3 = Vector512.LoadUnsafe(ref tables, 448);
        for (var at = 0; at < payload.Length; at += Vector512<byte>.Count)
        {
            ref var here = ref at < inPlace
                ? ref Unsafe.Add(ref MemoryMarshal.GetReference(payload), at)
                : ref Unsafe.Add(ref MemoryMarshal.GetReference(rest), at - inPlace);
            var hits = Avx512Vbmi.PermuteVar64x8x2(low0, Vector512.LoadUnsafe(ref here, 0), high0)
                & Avx512Vbmi.PermuteVar64x8x2(low1, Vector512.LoadUnsafe(ref here, 1), high1)
                & Avx512Vbmi.PermuteVar64x8x2(low2, Vector512.LoadUnsafe(ref here, 2), high2)
                & Avx512Vbmi.PermuteVar64x8x2(low3, Vector512.LoadUnsafe(ref here, 3), high3);
            if (hits != Vector512<byte>.Zero)
            {
                Look(payload, at, group, hits, ref sink);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Look<TSink>(ReadOnlySpan<byte> payload, int at, int group, Vector512<byte> hits, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        var places = ~Vector512.Equals(hits, Vector512<byte>.Zero).ExtractMostSignificantBits();
        for (; places != 0; places &= places - 1)
        {
            var place = BitOperations.TrailingZeroCount(places);
            for (var buckets = (uint)hits.GetElement(place); buckets != 0; buckets &= buckets - 1)
            {
                foreach (var member in _buckets[group * BucketsPerGroup + BitOperations.TrailingZeroCount(buckets)])
                {
                    if (_literals.Matches(member.Literal, payload, at + place - member.Offset))
                    {
                        sink.Found(member.Literal, at + place - member.Offset);
                    }
                }
            }
        }
    }

    private Member Represent(int literal, GramFrequency frequency)
    {
        var bytes = _literals.BytesOf(literal);
        var best = 0;
        for (var offset = 1; offset + Depth <= bytes.Length; offset++)
        {
            best = frequency.Of(bytes.Slice(offset, Depth)) < frequency.Of(bytes.Slice(best, Depth)) ? offset : best;
        }

        return new Member(literal, best);
    }

    private ulong SortKey(Member member)
    {
        var key = 0UL;
        var bytes = _literals.BytesOf(member.Literal)[member.Offset..];
        for (var i = 0; i < Depth; i++)
        {
            // Missing bytes allow everything: such literals sort to the end, among themselves.
            key = key << 9 | (i < bytes.Length ? bytes[i] : 256UL);
        }

        return bytes.Length < Depth ? key | 1UL << 63 : key;
    }

    private void Enter(Member member, int bucket)
    {
        var bytes = _literals.BytesOf(member.Literal)[member.Offset..];
        var masks = _literals.MaskOf(member.Literal)[member.Offset..];
        var bit = (byte)(1 << bucket % BucketsPerGroup);
        var table = bucket / BucketsPerGroup * Depth * TableBytes;
        for (var depth = 0; depth < Depth; depth++)
        {
            for (var value = 0; value < 256; value++)
            {
                if (depth >= bytes.Length || (value | masks[depth]) == bytes[depth])
                {
                    _tables[table + depth * TableBytes + value % TableBytes] |= bit;
                }
            }
        }
    }

    private readonly record struct Member(int Literal, int Offset);
}
