using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SensorGateway.Pipeline.Detection.Factors;

namespace SensorGateway.Pipeline.Detection.Literals;

/// <summary>Finds many literals of four bytes and more. Immutable; shared by all workers.</summary>
/// <remarks>
/// The rarest four bytes of each literal are hashed into a bitmap; positions of the payload that hit are looked up
/// exactly,
/// and only then the literal is compared. With a stride of s only every s-th position is looked at: each literal then
/// has
/// its four bytes at s neighbouring places in the bitmap, of which exactly one falls on such a position.
/// </remarks>
/// <typeparam name="TStride">Positions from one probe to the next, a constant to the compiler.</typeparam>
internal sealed class GramScanner<TStride>
    where TStride : struct, IStride
{
    /// <summary>Shorter literals do not hold enough neighbouring places.</summary>
    public static readonly int LiteralBytesMin = GramBytes + TStride.Positions - 1;

    private const int GramBytes = 4;
    private const uint Fold = 0x2020_2020;
    private const uint Multiplier = 0x9E37_79B1; // Odd and well mixed: the top bits depend on all four bytes.
    private const int Unroll = 8;

    private readonly LiteralTable _literals;
    private readonly uint[] _filter;
    private readonly int _filterShift;
    private readonly int[] _heads;
    private readonly int _headShift;
    private readonly Entry[] _entries;

    /// <param name="literals">The table.</param>
    /// <param name="numbers">
    /// Which of its literals to look for, each of at least <see cref="LiteralBytesMin"/> bytes.
    /// </param>
    /// <param name="frequency">Decides which places represent a literal.</param>
    public GramScanner(LiteralTable literals, IReadOnlyCollection<int> numbers, GramFrequency frequency)
    {
        _literals = literals;
        var size = BitOperations.Log2((uint)(numbers.Count * TStride.Positions) + 1);
        var filterBits = Math.Clamp(size + 5, 13, 20);
        var headBits = Math.Clamp(size + 1, 4, 20);
        _filterShift = 32 - filterBits;
        _headShift = 32 - headBits;
        _filter = new uint[1 << filterBits - 5];
        _entries =
        [
            .. numbers.SelectMany(number => Represent(number, frequency))
                .OrderBy(entry => Hash(entry.Gram) >> _headShift)

                // A literal that overlaps itself has several entries of one gram: places are to come in their order.
                .ThenByDescending(static entry => entry.Offset),
        ];
        _heads = new int[(1 << headBits) + 1];
        foreach (var entry in _entries)
        {
            var bit = Hash(entry.Gram) >> _filterShift;
            _filter[bit >> 5] |= 1u << (int)bit;
            _heads[(Hash(entry.Gram) >> _headShift) + 1]++;
        }

        for (var i = 1; i < _heads.Length; i++)
        {
            _heads[i] += _heads[i - 1];
        }
    }

    /// <summary>Tells the sink every occurrence.</summary>
    public void Scan<TSink>(ReadOnlySpan<byte> payload, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        if (_entries.Length == 0)
        {
            return;
        }

        ref var text = ref MemoryMarshal.GetReference(payload);
        ref var filter = ref MemoryMarshal.GetArrayDataReference(_filter);
        var shift = _filterShift;
        var last = payload.Length - GramBytes;
        var at = 0;
        for (; at <= last - (Unroll - 1) * TStride.Positions; at += Unroll * TStride.Positions)
        {
            ref var here = ref Unsafe.Add(ref text, at);
            var hits = Probe(ref here, 0, ref filter, shift)
                | Probe(ref here, 1, ref filter, shift) << 1
                | Probe(ref here, 2, ref filter, shift) << 2
                | Probe(ref here, 3, ref filter, shift) << 3
                | Probe(ref here, 4, ref filter, shift) << 4
                | Probe(ref here, 5, ref filter, shift) << 5
                | Probe(ref here, 6, ref filter, shift) << 6
                | Probe(ref here, 7, ref filter, shift) << 7;
            for (; hits != 0; hits &= hits - 1)
            {
                Look(payload, at + TStride.Positions * BitOperations.TrailingZeroCount(hits), ref sink);
            }
        }

        for (; at <= last; at += TStride.Positions)
        {
            if (Probe(ref Unsafe.Add(ref text, at), 0, ref filter, shift) != 0)
            {
                Look(payload, at, ref sink);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint gram) => gram * Multiplier;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Probe(ref byte here, int step, ref uint filter, int shift)
    {
        var bit = Hash(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref here, step * TStride.Positions)) | Fold) >> shift;
        return Unsafe.Add(ref filter, (nint)(bit >> 5)) >> (int)bit & 1; // C# masks the shift count to five bits.
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Look<TSink>(ReadOnlySpan<byte> payload, int at, ref TSink sink)
        where TSink : ILiteralSink, allows ref struct
    {
        var gram = BitConverter.ToUInt32(payload[at..]) | Fold;
        var head = Hash(gram) >> _headShift;
        for (var i = _heads[head]; i < _heads[head + 1]; i++)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.Gram == gram && !sink.IsSettled(entry.Literal)
                && _literals.Matches(entry.Literal, payload, at - entry.Offset))
            {
                sink.Found(entry.Literal, at - entry.Offset);
            }
        }
    }

    private Entry[] Represent(int literal, GramFrequency frequency)
    {
        var bytes = _literals.BytesOf(literal);
        var each = new double[bytes.Length - GramBytes + 1];
        for (var offset = 0; offset < each.Length; offset++)
        {
            each[offset] = frequency.Of(bytes.Slice(offset, GramBytes));
        }

        var best = Enumerable.Range(0, each.Length - TStride.Positions + 1)
            .MinBy(first => each.Skip(first).Take(TStride.Positions).Sum());
        var entries = new Entry[TStride.Positions];
        for (var i = 0; i < TStride.Positions; i++)
        {
            entries[i] = new Entry(BitConverter.ToUInt32(bytes[(best + i)..]) | Fold, literal, best + i);
        }

        return entries;
    }

    private readonly record struct Entry(uint Gram, int Literal, int Offset);
}
