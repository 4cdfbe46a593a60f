using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SensorGateway.Pipeline.Detection.Factors;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>
/// Tells by the next four bytes where an attempt to match can begin, 64 places at a time. Immutable; shared by all workers.
/// Needs AVX-512 VBMI.
/// </summary>
/// <remarks>
/// It lets too much pass, never too little: anchors are taken to hold, and bytes that differ by 0x80 share an entry. What
/// it rules out costs a twentieth of what the automaton would take to find nothing there.
/// </remarks>
internal sealed class AttemptFilter
{
    private const int Depth = 4;
    private const int TableBytes = 128;
    private const byte Allowed = 0xff;

    // What lets more than this share of typical places pass saves too little.
    private const double FrequencyMax = 0.02;

    private readonly byte[] _tables = new byte[Depth * TableBytes];

    private AttemptFilter(BitArray[] allowed)
    {
        for (var depth = 0; depth < Depth; depth++)
        {
            for (var value = 0; value < 256; value++)
            {
                _tables[depth * TableBytes + value % TableBytes] |= allowed[depth][value] ? Allowed : (byte)0;
            }
        }
    }

    /// <summary>
    /// The filter of an automaton's patterns; null when it would rule too little out, or where the processor lacks what it
    /// takes.
    /// </summary>
    public static AttemptFilter? TryBuild(Nfa nfa, GramFrequency frequency)
    {
        if (!Avx512Vbmi.IsSupported)
        {
            return null;
        }

        var allowed = FirstBytes(nfa);
        var passing = allowed.Aggregate(1.0, (product, bytes) => product * frequency.OfAny(bytes));
        return passing <= FrequencyMax ? new AttemptFilter(allowed) : null;
    }

    /// <summary>Bit per place from <paramref name="at"/> on, 64 of them, at which an attempt can begin.</summary>
    public ulong PlacesFrom(ReadOnlySpan<byte> payload, int at)
    {
        if (payload.Length - at >= Vector512<byte>.Count + Depth - 1)
        {
            return Look(ref Unsafe.Add(ref MemoryMarshal.GetReference(payload), at));
        }

        // Zeros behind the payload pass where a match may be over by then, and hardly elsewhere.
        Span<byte> rest = stackalloc byte[2 * Vector512<byte>.Count];
        rest.Clear();
        payload[at..].CopyTo(rest);
        var left = Math.Min(Vector512<byte>.Count, payload.Length - at);
        return Look(ref MemoryMarshal.GetReference(rest)) & ulong.MaxValue >> Vector512<byte>.Count - left;
    }

    private ulong Look(ref byte here)
    {
        ref var tables = ref MemoryMarshal.GetArrayDataReference(_tables);
        var hits = LookUp(ref tables, ref here, 0) & LookUp(ref tables, ref here, 1)
            & LookUp(ref tables, ref here, 2) & LookUp(ref tables, ref here, 3);
        return hits.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> LookUp(ref byte tables, ref byte here, nuint depth) => Avx512Vbmi.PermuteVar64x8x2(
        Vector512.LoadUnsafe(ref tables, depth * TableBytes),
        Vector512.LoadUnsafe(ref here, depth),
        Vector512.LoadUnsafe(ref tables, depth * TableBytes + TableBytes / 2));

    /// <summary>By depth, the bytes that a match can have there; all, once a match may be over.</summary>
    private static BitArray[] FirstBytes(Nfa nfa)
    {
        var sets = new BitArray[Depth];
        var (isOver, nodes) = Reach(nfa, nfa.Starts);
        for (var depth = 0; depth < Depth; depth++)
        {
            sets[depth] = new BitArray(256, isOver);
            foreach (var node in nodes)
            {
                var bytes = nfa.Sets[nfa.Nodes[node].Argument];
                for (var value = 0; value < 256; value++)
                {
                    sets[depth][value] |= bytes.Contains((byte)value);
                }
            }

            var (endsHere, next) = Reach(nfa, nodes.Select(node => nfa.Nodes[node].Next));
            isOver |= endsHere;
            nodes = next;
        }

        return sets;
    }

    /// <summary>The nodes that take a byte, and whether a match can be over, where all anchors hold.</summary>
    private static (bool IsOver, List<int> Nodes) Reach(Nfa nfa, IEnumerable<int> entries)
    {
        var (isOver, nodes) = (false, new List<int>());
        var seen = new HashSet<int>();
        var open = new Stack<int>(entries);
        while (open.TryPop(out var at))
        {
            var node = nfa.Nodes[at];
            if (!seen.Add(at))
            {
                continue;
            }

            switch (node.Op)
            {
                case NfaOp.Bytes:
                    nodes.Add(at);
                    break;
                case NfaOp.Match:
                    isOver = true;
                    break;
                case NfaOp.Split:
                    open.Push(node.Argument);
                    open.Push(node.Next);
                    break;
                default:
                    open.Push(node.Next);
                    break;
            }
        }

        return (isOver, nodes);
    }
}
