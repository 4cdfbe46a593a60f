using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>Runs four automata over one payload side by side.</summary>
/// <remarks>
/// A step of one automaton waits for its table load; four independent ones wait together, so four cost little more than
/// one.
/// </remarks>
internal static class AutomatonLanes
{
    /// <summary>Automata per call.</summary>
    public const int Count = 4;

    /// <summary>Runs all four from <paramref name="from"/> and fills in what each accepts.</summary>
    public static void Run(ReadOnlySpan<LazyDfa> dfas, ReadOnlySpan<byte> payload, int from, Span<ulong> matched)
    {
        LazyDfa dfa0 = dfas[0], dfa1 = dfas[1], dfa2 = dfas[2], dfa3 = dfas[3];
        ref var text = ref MemoryMarshal.GetReference(payload);
        ref var class0 = ref MemoryMarshal.GetArrayDataReference(dfa0.Automaton.ClassOf);
        ref var class1 = ref MemoryMarshal.GetArrayDataReference(dfa1.Automaton.ClassOf);
        ref var class2 = ref MemoryMarshal.GetArrayDataReference(dfa2.Automaton.ClassOf);
        ref var class3 = ref MemoryMarshal.GetArrayDataReference(dfa3.Automaton.ClassOf);
        matched[..Count].Clear();
        var state0 = dfa0.Enter(payload, from, ref matched[0]);
        var state1 = dfa1.Enter(payload, from, ref matched[1]);
        var state2 = dfa2.Enter(payload, from, ref matched[2]);
        var state3 = dfa3.Enter(payload, from, ref matched[3]);
        var body = payload.Length - 1; // The last byte may be another symbol.
        var at = from;
        while (at < body && (state0 | state1 | state2 | state3) != LazyDfa.Parked)
        {
            // Tables move when states are added, which happens only between two turns of this loop.
            ref var table0 = ref MemoryMarshal.GetArrayDataReference(dfa0.Table);
            ref var table1 = ref MemoryMarshal.GetArrayDataReference(dfa1.Table);
            ref var table2 = ref MemoryMarshal.GetArrayDataReference(dfa2.Table);
            ref var table3 = ref MemoryMarshal.GetArrayDataReference(dfa3.Table);
            int next0 = 0, next1 = 0, next2 = 0, next3 = 0;
            for (; at < body; at++)
            {
                nint value = Unsafe.Add(ref text, at);
                next0 = Unsafe.Add(ref table0, state0 + Unsafe.Add(ref class0, value));
                next1 = Unsafe.Add(ref table1, state1 + Unsafe.Add(ref class1, value));
                next2 = Unsafe.Add(ref table2, state2 + Unsafe.Add(ref class2, value));
                next3 = Unsafe.Add(ref table3, state3 + Unsafe.Add(ref class3, value));
                if ((next0 | next1 | next2 | next3) < 0)
                {
                    break;
                }

                (state0, state1, state2, state3) = (next0, next1, next2, next3);
            }

            if (at == body)
            {
                break;
            }

            var last = payload[at++];
            state0 = next0 >= 0 ? next0 : dfa0.Resolve(state0, last, next0, ref matched[0]);
            state1 = next1 >= 0 ? next1 : dfa1.Resolve(state1, last, next1, ref matched[1]);
            state2 = next2 >= 0 ? next2 : dfa2.Resolve(state2, last, next2, ref matched[2]);
            state3 = next3 >= 0 ? next3 : dfa3.Resolve(state3, last, next3, ref matched[3]);
        }

        matched[0] = dfa0.Leave(payload, from, state0, matched[0]);
        matched[1] = dfa1.Leave(payload, from, state1, matched[1]);
        matched[2] = dfa2.Leave(payload, from, state2, matched[2]);
        matched[3] = dfa3.Leave(payload, from, state3, matched[3]);
    }
}
