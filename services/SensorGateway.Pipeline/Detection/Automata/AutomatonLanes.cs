using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>Steps four automata side by side, each at its own place of a payload.</summary>
/// <remarks>
/// A step of one automaton waits for its table load; four independent ones wait together, so four cost little more than
/// one.
/// </remarks>
internal static class AutomatonLanes
{
    /// <summary>Automata per call.</summary>
    public const int Count = 4;

    /// <summary>
    /// Takes up to <paramref name="steps"/> bytes in every lane, and stops behind the byte after which one needs
    /// attention.
    /// </summary>
    /// <param name="lanes">Four lanes; each has at least <paramref name="steps"/> bytes before it.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="steps">Most bytes.</param>
    public static void Skim(Span<Lane> lanes, ReadOnlySpan<byte> payload, int steps)
    {
        if ((lanes[0].Limit | lanes[1].Limit | lanes[2].Limit | lanes[3].Limit) == 0)
        {
            Skim<OnlyMarked>(lanes, payload, steps);
        }
        else
        {
            Skim<MarkedOrBelowLimit>(lanes, payload, steps);
        }
    }

    private static void Skim<TAttention>(Span<Lane> lanes, ReadOnlySpan<byte> payload, nint steps)
        where TAttention : struct, IAttention
    {
        ref var payloadStart = ref MemoryMarshal.GetReference(payload);
        ref var text0 = ref Unsafe.Add(ref payloadStart, lanes[0].At);
        ref var text1 = ref Unsafe.Add(ref payloadStart, lanes[1].At);
        ref var text2 = ref Unsafe.Add(ref payloadStart, lanes[2].At);
        ref var text3 = ref Unsafe.Add(ref payloadStart, lanes[3].At);
        ref var table0 = ref MemoryMarshal.GetArrayDataReference(lanes[0].Dfa.Table);
        ref var table1 = ref MemoryMarshal.GetArrayDataReference(lanes[1].Dfa.Table);
        ref var table2 = ref MemoryMarshal.GetArrayDataReference(lanes[2].Dfa.Table);
        ref var table3 = ref MemoryMarshal.GetArrayDataReference(lanes[3].Dfa.Table);
        nint state0 = lanes[0].State, state1 = lanes[1].State, state2 = lanes[2].State, state3 = lanes[3].State;
        nint limit0 = lanes[0].Limit, limit1 = lanes[1].Limit, limit2 = lanes[2].Limit, limit3 = lanes[3].Limit;
        nint step = 0;
        while (step < steps)
        {
            state0 = Unsafe.Add(ref table0, state0 + Unsafe.Add(ref table0, (nint)Unsafe.Add(ref text0, step)));
            state1 = Unsafe.Add(ref table1, state1 + Unsafe.Add(ref table1, (nint)Unsafe.Add(ref text1, step)));
            state2 = Unsafe.Add(ref table2, state2 + Unsafe.Add(ref table2, (nint)Unsafe.Add(ref text2, step)));
            state3 = Unsafe.Add(ref table3, state3 + Unsafe.Add(ref table3, (nint)Unsafe.Add(ref text3, step)));
            step++;
            if ((TAttention.Of(state0, limit0) | TAttention.Of(state1, limit1) | TAttention.Of(state2, limit2)
                | TAttention.Of(state3, limit3)) < 0)
            {
                break;
            }
        }

        (lanes[0].State, lanes[1].State, lanes[2].State, lanes[3].State) =
            ((int)state0, (int)state1, (int)state2, (int)state3);
        foreach (ref var lane in lanes)
        {
            lane.At += (int)step;
        }
    }

    /// <summary>Negative when a state needs attention.</summary>
    private interface IAttention
    {
        static abstract nint Of(nint state, nint limit);
    }

    private readonly struct OnlyMarked : IAttention
    {
        public static nint Of(nint state, nint limit) => state;
    }

    private readonly struct MarkedOrBelowLimit : IAttention
    {
        public static nint Of(nint state, nint limit) => state - limit;
    }
}
