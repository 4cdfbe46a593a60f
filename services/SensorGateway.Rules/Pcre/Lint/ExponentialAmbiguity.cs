namespace SensorGateway.Rules.Pcre.Lint;

/// <summary>
/// Exponential degree of ambiguity: a loop that can go round in two ways on the same bytes doubles the ways with each
/// turn.
/// </summary>
/// <remarks>
/// The criterion of Weber and Seidl (1991), applied to backtracking matchers by Weideman, van der Merwe, Berglund and
/// Watson, "Analyzing Matching Time Behavior of Backtracking Regular Expression Matchers by Using Ambiguity of NFA"
/// (2016): a pair of equal positions leads to a pair of different ones and back.
/// </remarks>
internal static class ExponentialAmbiguity
{
    private const int StepsMax = 4_000_000;

    /// <returns>Whether the loop has it; null when there are too many pairs to say.</returns>
    public static bool? IsIn(AmbiguityGraph graph, LoopComponent loop)
    {
        var inside = loop.Positions.ToHashSet();
        if (loop.Positions.Any(from => graph.EdgesOf(from).Any(edge => edge.Ways > 1 && inside.Contains(edge.To))))
        {
            return true;
        }

        var seen = new HashSet<(int, int)>();
        var open = new Stack<(int Left, int Right)>();
        foreach (var position in loop.Positions)
        {
            Step(position, position);
        }

        var steps = 0;
        while (open.TryPop(out var pair))
        {
            if (Step(pair.Left, pair.Right))
            {
                return true;
            }

            steps += graph.EdgesOf(pair.Left).Count * graph.EdgesOf(pair.Right).Count;
            if (steps > StepsMax)
            {
                return null;
            }
        }

        return false;

        // Pushes the pairs of different positions that come next; true when a pair of different ones meets again.
        bool Step(int left, int right)
        {
            foreach (var one in graph.EdgesOf(left))
            {
                foreach (var other in graph.EdgesOf(right))
                {
                    if (!inside.Contains(one.To) || !inside.Contains(other.To)
                        || one.Label.Intersect(other.Label) == default)
                    {
                        continue;
                    }

                    if (one.To == other.To)
                    {
                        if (left != right)
                        {
                            return true;
                        }
                    }
                    else if (seen.Add((Math.Min(one.To, other.To), Math.Max(one.To, other.To))))
                    {
                        open.Push((one.To, other.To));
                    }
                }
            }

            return false;
        }
    }
}
