namespace SensorGateway.Rules.Pcre.Lint;

/// <summary>Whether a payload that a pattern matches can hold a literal.</summary>
/// <remarks>
/// Only a pattern that spans the whole payload can say no: anywhere else the literal may stand beside the match.
/// Conditions are left out, so that "no" is always right.
/// </remarks>
internal static class GuardReach
{
    private const long StatesMax = 1_000_000; // Positions times bytes; beyond, the answer is yes.

    public static bool CanOccur(PcreNode root, ReadOnlySpan<byte> literal, bool noCase)
    {
        if (!PatternShape.IsStartAnchored(root) || !PatternShape.IsEndAnchored(root))
        {
            return true;
        }

        var (graph, whole) = GraphBuilder.BuildAnchored(root);
        if (graph.IsTooLarge || (long)graph.Count * literal.Length > StatesMax)
        {
            return true;
        }

        var sets = new ByteSet[literal.Length];
        for (var i = 0; i < sets.Length; i++)
        {
            sets[i] = noCase ? ByteSet.Of(literal[i]).FoldCase() : ByteSet.Of(literal[i]);
        }

        // A payload may end in an LF that '$' leaves alone.
        var ends = whole.Last.Select(last => last.Position).ToHashSet();
        return Reaches(graph, whole, sets, ends) || (sets is [var only] && only.Contains((byte)'\n'));
    }

    private static bool Reaches(AmbiguityGraph graph, Fragment whole, ByteSet[] literal, HashSet<int> ends)
    {
        var leads = Useful(graph, ends);
        var seen = new HashSet<(int, int)>();
        var open = new Stack<(int Position, int Found)>();
        foreach (var first in whole.First)
        {
            // The literal may begin at any byte, so begin there on every position that a match can pass.
            Pass(first.Position);
        }

        while (open.TryPop(out var at))
        {
            if (at.Found == literal.Length)
            {
                return true;
            }

            if (ends.Contains(at.Position) && at.Found == literal.Length - 1 && literal[^1].Contains((byte)'\n'))
            {
                return true;
            }

            foreach (var edge in graph.EdgesOf(at.Position))
            {
                if (edge.Label.Intersect(literal[at.Found]) != default && leads[edge.To]
                    && seen.Add((edge.To, at.Found + 1)))
                {
                    open.Push((edge.To, at.Found + 1));
                }
            }
        }

        return false;

        void Pass(int position)
        {
            var passing = new Stack<int>([position]);
            while (passing.TryPop(out var next))
            {
                if (!leads[next] || !seen.Add((next, 0)))
                {
                    continue;
                }

                if (graph[next].Set.Intersect(literal[0]) != default && seen.Add((next, 1)))
                {
                    open.Push((next, 1));
                }

                foreach (var edge in graph.EdgesOf(next))
                {
                    passing.Push(edge.To);
                }
            }
        }
    }

    /// <summary>Positions from which a match can still come to its end.</summary>
    private static bool[] Useful(AmbiguityGraph graph, HashSet<int> ends)
    {
        var useful = new bool[graph.Count];
        bool grew;
        do
        {
            grew = false;
            for (var position = graph.Count - 1; position >= 0; position--)
            {
                if (!useful[position]
                    && (ends.Contains(position) || graph.EdgesOf(position).Any(edge => useful[edge.To])))
                {
                    useful[position] = grew = true;
                }
            }
        }
        while (grew);

        return useful;
    }
}
