using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SensorGateway.Pipeline.Detection.Literals;

/// <summary>All literals of a generation, each once, laid out for fast comparison. Immutable after building.</summary>
/// <remarks>
/// A literal that ignores case is kept in lower case with 0x20 in its mask at each letter: <c>(byte | mask) ==
/// literal</c>
/// holds for exactly the two cases of that letter, so one comparison serves both kinds.
/// </remarks>
internal sealed class LiteralTable
{
    private readonly byte[] _bytes;
    private readonly byte[] _masks;
    private readonly int[] _starts; // One more than literals; a literal ends where the next begins.

    internal LiteralTable(byte[] bytes, byte[] masks, int[] starts)
    {
        _bytes = bytes;
        _masks = masks;
        _starts = starts;
    }

    /// <summary>How many literals.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The literal's bytes, folded where it ignores case.</summary>
    public ReadOnlySpan<byte> BytesOf(int literal) => _bytes.AsSpan(_starts[literal]..LengthEnd(literal));

    /// <summary>0x20 at each position that ignores case.</summary>
    public ReadOnlySpan<byte> MaskOf(int literal) => _masks.AsSpan(_starts[literal]..LengthEnd(literal));

    /// <summary>Bytes of the literal.</summary>
    public int LengthOf(int literal) => _starts[literal + 1] - _starts[literal];

    /// <summary>True when the literal stands at <paramref name="start"/>; false too where it would overhang.</summary>
    public bool Matches(int literal, ReadOnlySpan<byte> payload, int start)
    {
        var from = _starts[literal];
        var length = _starts[literal + 1] - from;
        if (start < 0 || start > payload.Length - length)
        {
            return false;
        }

        ref var text = ref Unsafe.Add(ref MemoryMarshal.GetReference(payload), start);
        ref var bytes = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), from);
        ref var masks = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_masks), from);
        if (length < sizeof(ulong))
        {
            for (var i = 0; i < length; i++)
            {
                if ((Unsafe.Add(ref text, i) | Unsafe.Add(ref masks, i)) != Unsafe.Add(ref bytes, i))
                {
                    return false;
                }
            }

            return true;
        }

        for (var i = 0; i < length - sizeof(ulong); i += sizeof(ulong))
        {
            if (!EightMatch(ref text, ref bytes, ref masks, i))
            {
                return false;
            }
        }

        return EightMatch(ref text, ref bytes, ref masks, length - sizeof(ulong)); // Overlaps the last step.
    }

    /// <summary>First place of the literal at or after <paramref name="from"/>; -1 when there is none.</summary>
    public int IndexIn(int literal, ReadOnlySpan<byte> payload, int from = 0)
    {
        var length = LengthOf(literal);
        var last = payload.Length - length;
        var at = from;

        // Its first and its last byte are looked for together: a common byte alone would stop the search all the time.
        var bytes = BytesOf(literal);
        var masks = MaskOf(literal);
        var (first, firstMask) = (Vector256.Create(bytes[0]), Vector256.Create(masks[0]));
        var (end, endMask) = (Vector256.Create(bytes[^1]), Vector256.Create(masks[^1]));
        ref var text = ref MemoryMarshal.GetReference(payload);
        for (; at <= last - (Vector256<byte>.Count - 1); at += Vector256<byte>.Count)
        {
            var starts = Vector256.Equals(Vector256.LoadUnsafe(ref text, (nuint)at) | firstMask, first);
            var ends = Vector256.Equals(Vector256.LoadUnsafe(ref text, (nuint)(at + length - 1)) | endMask, end);
            for (var places = (starts & ends).ExtractMostSignificantBits(); places != 0; places &= places - 1)
            {
                var place = at + BitOperations.TrailingZeroCount(places);
                if (Matches(literal, payload, place))
                {
                    return place;
                }
            }
        }

        for (; at <= last; at++)
        {
            if (Matches(literal, payload, at))
            {
                return at;
            }
        }

        return -1;
    }

    private int LengthEnd(int literal) => _starts[literal + 1];

    private static bool EightMatch(ref byte text, ref byte bytes, ref byte masks, int at) =>
        (Eight(ref text, at) | Eight(ref masks, at)) == Eight(ref bytes, at);

    private static ulong Eight(ref byte from, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, at));
}
