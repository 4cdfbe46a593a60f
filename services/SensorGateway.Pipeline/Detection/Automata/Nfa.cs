using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>What a node of an <see cref="Nfa"/> does.</summary>
internal enum NfaOp : byte
{
    /// <summary>Consumes one byte of a set, then goes on.</summary>
    Bytes,

    /// <summary>Goes on at two places.</summary>
    Split,

    /// <summary>Goes on where an anchor holds.</summary>
    Anchor,

    /// <summary>A pattern has matched.</summary>
    Match,
}

/// <summary>
/// One node. <paramref name="Argument"/>: set number, anchor kind, pattern number, or second way of a split.
/// </summary>
internal readonly record struct NfaNode(NfaOp Op, int Next, int Argument);

/// <summary>Thompson automaton of one or more byte patterns. Immutable; shared by all workers.</summary>
/// <param name="Nodes">All nodes.</param>
/// <param name="Sets">Byte sets that nodes refer to.</param>
/// <param name="Starts">Entry node of each pattern.</param>
/// <param name="StartAnchored">Patterns that can only match at the payload's start.</param>
internal sealed record Nfa(NfaNode[] Nodes, ByteSet[] Sets, int[] Starts, bool[] StartAnchored);
