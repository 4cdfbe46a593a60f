namespace SensorGateway.Pipeline.Detection.Automata;

/// <summary>
/// Runs an automaton without keeping states: slower per byte, never more than its nodes, and no memory grows. Owner: one
/// LazyDfa.
/// </summary>
/// <param name="automaton">What to run.</param>
internal sealed class NfaWalk(Automaton automaton)
{
    private readonly DfaBuilder _builder = new(automaton, areKept: false);
    private readonly int[] _nodes = new int[automaton.Nfa.Nodes.Length];
    private int _count;

    /// <summary>
    /// Runs over the payload from <paramref name="from"/>; the byte before it counts as context.
    /// </summary>
    /// <param name="payload">The payload.</param>
    /// <param name="from">Where the first match may begin.</param>
    /// <param name="all">Bit per pattern: when all have matched, nothing more is looked at.</param>
    /// <param name="mayDie">True when without nodes nothing can match any more.</param>
    /// <returns>Bit per pattern that matches, or may match where the automaton was widened.</returns>
    public ulong Run(ReadOnlySpan<byte> payload, int from, ulong all, bool mayDie)
    {
        _builder.BuildStart(_builder.ContextAfter(payload, from));
        var matched = Take();
        for (var at = from; at < payload.Length && matched != all && !(mayDie && _count == 0); at++)
        {
            var isFinalNewline = at == payload.Length - 1 && payload[at] == '\n' && automaton.SeesFinalNewline;
            matched |= Step(isFinalNewline ? automaton.FinalNewlineSymbol : automaton.ClassOf[payload[at]]);
        }

        return matched | Step(automaton.EndSymbol);
    }

    private ulong Step(int symbol)
    {
        _builder.BuildNext(_nodes.AsSpan(0, _count), _builder.Context, symbol);
        return Take();
    }

    private ulong Take()
    {
        _count = _builder.Nodes.Length;
        _builder.Nodes.CopyTo(_nodes);
        return _builder.Accepts;
    }
}
