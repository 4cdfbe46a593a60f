namespace SensorGateway.Rules.Pcre.Lint;

/// <summary>
/// Polynomial degree of ambiguity: where one loop hands over to another that takes the same bytes, each place to do so
/// is a way of its own, and a chain of such pairs multiplies them.
/// </summary>
/// <remarks>
/// Weber and Seidl's second criterion (1991), as used by Weideman et al. (2016) and, for attack strings, by Wüstholz,
/// Olivo, Heule and Dillig, "Static Detection of DoS Vulnerabilities in Programs that use Regular Expressions" (2017).
/// Counted loops multiply by their count, not by the payload's length.
/// </remarks>
internal sealed class PolynomialAmbiguity(AmbiguityGraph graph, List<LoopComponent> loops)
{
    private const int StepsMax = 3_000_000;

    private int _steps;

    /// <summary>Steps of the dearest chain for a payload of 4 KiB.</summary>
    public double Steps { get; private set; } = AmbiguityGraph.PayloadBytes;

    /// <summary>The last loop of that chain.</summary>
    public LoopComponent? Last { get; private set; }

    /// <summary>Loops in that chain, the search for a match's start among them.</summary>
    public int Loops { get; private set; }

    /// <summary>Finds the dearest chain. Loops must come in the order in which a match passes them.</summary>
    public void Find()
    {
        var reaches = loops.ConvertAll(Reachable);
        var best = new (double Ways, int Loops)[loops.Count]; // Of chains that end here or in a loop before.
        for (var to = 0; to < loops.Count; to++)
        {
            best[to] = (1, 1);
            for (var from = 0; from < to; from++)
            {
                if (!loops[to].Positions.Any(position => reaches[from][position]))
                {
                    continue;
                }

                best[to] = Dearer(best[to], best[from]);
                var ways = best[from].Ways * Math.Min(loops[from].Turns, loops[to].Turns);
                if (ways > best[to].Ways && HandsOver(loops[from], loops[to]))
                {
                    best[to] = (ways, best[from].Loops + 1);
                }
            }

            if (best[to].Ways * AmbiguityGraph.PayloadBytes > Steps)
            {
                Steps = best[to].Ways * AmbiguityGraph.PayloadBytes;
                Last = loops[to];
                Loops = best[to].Loops;
            }
        }
    }

    private static (double Ways, int Loops) Dearer((double Ways, int Loops) left, (double Ways, int Loops) right) =>
        right.Ways > left.Ways ? right : left;

    /// <summary>
    /// Whether some bytes lead from a position of one loop to itself, to one of the other loop, and from that to itself.
    /// </summary>
    private bool HandsOver(LoopComponent from, LoopComponent to)
    {
        var back = ReachableBackwards(to);
        foreach (var start in from.Positions)
        {
            foreach (var end in to.Positions)
            {
                if (graph[start].Set.Intersect(graph[end].Set) != default && HandsOver(start, end, from, to, back))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool HandsOver(int start, int end, LoopComponent from, LoopComponent to, bool[] leadsToEnd)
    {
        var seen = new HashSet<(int, int, int)>();
        var open = new Stack<(int Stays, int Crosses, int Waits)>([(start, start, end)]);
        while (open.TryPop(out var at))
        {
            foreach (var crossing in graph.EdgesOf(at.Crosses))
            {
                if (!leadsToEnd[crossing.To])
                {
                    continue;
                }

                foreach (var staying in graph.EdgesOf(at.Stays))
                {
                    var shared = crossing.Label.Intersect(staying.Label);
                    if (shared == default || !from.Positions.Contains(staying.To))
                    {
                        continue;
                    }

                    foreach (var waiting in graph.EdgesOf(at.Waits))
                    {
                        if (++_steps > StepsMax)
                        {
                            return true; // Too many to look at: taken for the worse.
                        }

                        if (shared.Intersect(waiting.Label) == default || !to.Positions.Contains(waiting.To))
                        {
                            continue;
                        }

                        var next = (staying.To, crossing.To, waiting.To);
                        if (next == (start, end, end))
                        {
                            return true;
                        }

                        if (seen.Add(next))
                        {
                            open.Push(next);
                        }
                    }
                }
            }
        }

        return false;
    }

    private bool[] Reachable(LoopComponent loop)
    {
        var seen = new bool[graph.Count];
        var open = new Stack<int>(loop.Positions);
        while (open.TryPop(out var position))
        {
            if (!seen[position])
            {
                seen[position] = true;
                foreach (var edge in graph.EdgesOf(position))
                {
                    open.Push(edge.To);
                }
            }
        }

        return seen;
    }

    private bool[] ReachableBackwards(LoopComponent loop)
    {
        var before = new List<int>[graph.Count];
        for (var position = 0; position < graph.Count; position++)
        {
            foreach (var edge in graph.EdgesOf(position))
            {
                (before[edge.To] ??= []).Add(position);
            }
        }

        var seen = new bool[graph.Count];
        var open = new Stack<int>(loop.Positions);
        while (open.TryPop(out var position))
        {
            if (!seen[position])
            {
                seen[position] = true;
                before[position]?.ForEach(open.Push);
            }
        }

        return seen;
    }
}
