using System.Collections;
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
    public const int LiteralsMax = 400;

    private const int Depth = 4;
    private const int BucketsPerGroup = 8;
    private const int GroupsMax = 16;
    private const int TableBytes = 128;

    private readonly LiteralTable _literals;
    private readonly byte[] _tables; // Group, depth, byte.
    private readonly Member[] _members; // Bucket by bucket.
    private readonly int[] _starts;     // One more than buckets; a bucket ends where the next begins.
    private readonly int _groups;

    public BucketScanner(LiteralTable literals, IReadOnlyCollection<int> numbers, GramFrequency frequency)
    {
        _literals = literals;
        _members = [.. numbers.Select(number => Represent(number, frequency)).OrderBy(SortKey)];
        _starts = BucketPlanner.Starts([.. _members.Select(Allowed)], frequency, BucketsPerGroup, GroupsMax);
        _groups = _starts.Length / BucketsPerGroup;
        _tables = new byte[_groups * Depth * TableBytes];
        for (var bucket = 0; bucket < _starts.Length - 1; bucket++)
        {
            foreach (var member in _members.AsSpan(_starts[bucket].._starts[bucket + 1]))
            {
                Enter(Allowed(member), bucket);
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
        var open = Vector512<byte>.AllBitsSet;
        for (var at = 0; at < payload.Length; at += Vector512<byte>.Count)
        {
            ref var here = ref at < inPlace
                ? ref Unsafe.Add(ref MemoryMarshal.GetReference(payload), at)
                : ref Unsafe.Add(ref MemoryMarshal.GetReference(rest), at - inPlace);
            var hits = Avx512Vbmi.PermuteVar64x8x2(low0, Vector512.LoadUnsafe(ref here, 0), high0)
                & Avx512Vbmi.PermuteVar64x8x2(low1, Vector512.LoadUnsafe(ref here, 1), high1)
                & Avx512Vbmi.PermuteVar64x8x2(low2, Vector512.LoadUnsafe(ref here, 2), high2)
                & Avx512Vbmi.PermuteVar64x8x2(low3, Vector512.LoadUnsafe(ref here, 3), high3)
                & open;
            if (hits != Vector512<byte>.Zero)
            {
                var settled = Look(payload, at, ref here, group, hits, ref sink);
                if (settled != 0)
                {
                    open &= Vector512.Create((byte)~settled);
                }
            }
        }
    }

    /// <summary>Compares what stands where buckets let something pass.</summary>
    /// <returns>Bit per bucket that needs no look any more: all its literals are settled.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint Look<TSink>(
        ReadOnlySpan<byte> payload, int at, ref byte here, int group, Vector512<byte> hits, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        ref var hitBytes = ref Unsafe.As<Vector512<byte>, byte>(ref hits);
        var starts = _starts.AsSpan(group * BucketsPerGroup, BucketsPerGroup + 1);
        var places = ~Vector512.Equals(hits, Vector512<byte>.Zero).ExtractMostSignificantBits();
        var left = payload.Length - at;
        if (left < Vector512<byte>.Count)
        {
            places &= (1UL << left) - 1; // The zeros behind the payload are not its bytes.
        }

        var settled = 0u;
        for (; places != 0; places &= places - 1)
        {
            var place = BitOperations.TrailingZeroCount(places);
            var four = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref here, place)); // Behind the end stand zeros.
            for (var buckets = Unsafe.Add(ref hitBytes, place) & ~settled; buckets != 0; buckets &= buckets - 1)
            {
                var bucket = BitOperations.TrailingZeroCount(buckets);
                var members = _members.AsSpan(starts[bucket]..starts[bucket + 1]);
                foreach (ref readonly var member in members)
                {
                    if ((four | member.Mask) != member.Four || sink.IsSettled(member.Literal)
                        || !_literals.Matches(member.Literal, payload, at + place - member.Offset))
                    {
                        continue;
                    }

                    sink.Found(member.Literal, at + place - member.Offset);
                    if (sink.IsSettled(member.Literal) && AreSettled(members, ref sink))
                    {
                        settled |= 1u << bucket;
                    }
                }
            }
        }

        return settled;
    }

    private static bool AreSettled<TSink>(ReadOnlySpan<Member> members, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        foreach (ref readonly var member in members)
        {
            if (!sink.IsSettled(member.Literal))
            {
                return false;
            }
        }

        return true;
    }

    private Member Represent(int literal, GramFrequency frequency)
    {
        var bytes = _literals.BytesOf(literal);
        var best = 0;
        for (var offset = 1; offset + Depth <= bytes.Length; offset++)
        {
            best = frequency.Of(bytes.Slice(offset, Depth)) < frequency.Of(bytes.Slice(best, Depth)) ? offset : best;
        }

        // Missing bytes are masked whole, so that any byte there compares equal.
        Span<byte> four = [0xff, 0xff, 0xff, 0xff];
        Span<byte> mask = [0xff, 0xff, 0xff, 0xff];
        var known = Math.Min(Depth, bytes.Length - best);
        bytes.Slice(best, known).CopyTo(four);
        _literals.MaskOf(literal).Slice(best, known).CopyTo(mask);
        return new Member(literal, best, BitConverter.ToUInt32(four), BitConverter.ToUInt32(mask));
    }

    private (int Bytes, ulong First) SortKey(Member member)
    {
        // In a bucket of several lengths the shortest one lets everything behind it pass, for the others too.
        var bytes = _literals.BytesOf(member.Literal)[member.Offset..];
        var known = Math.Min(Depth, bytes.Length);
        var key = 0UL;
        for (var i = 0; i < known; i++)
        {
            key = key << 8 | bytes[i];
        }

        return (known, key);
    }

    private BitArray[] Allowed(Member member)
    {
        var sets = new BitArray[Depth];
        for (var depth = 0; depth < Depth; depth++)
        {
            var (mask, wanted) = ((byte)(member.Mask >> 8 * depth), (byte)(member.Four >> 8 * depth));
            sets[depth] = new BitArray([.. Enumerable.Range(0, 256).Select(value => (value | mask) == wanted)]);
        }

        return sets;
    }

    private void Enter(BitArray[] allowed, int bucket)
    {
        var bit = (byte)(1 << bucket % BucketsPerGroup);
        var table = bucket / BucketsPerGroup * Depth * TableBytes;
        for (var depth = 0; depth < Depth; depth++)
        {
            for (var value = 0; value < 256; value++)
            {
                _tables[table + depth * TableBytes + value % TableBytes] |= allowed[depth][value] ? bit : (byte)0;
            }
        }
    }

    /// <summary>A literal, which of its bytes stand for it, and these four folded, ready to compare.</summary>
    private readonly record struct Member(int Literal, int Offset, uint Four, uint Mask);
}
