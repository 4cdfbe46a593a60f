namespace SensorGateway.Rules.Pcre.Lint;

/// <summary>Puts fragments together in a graph.</summary>
internal static class FragmentJoins
{
    /// <summary>One after the other.</summary>
    public static Fragment Then(this AmbiguityGraph graph, Fragment left, Fragment right)
    {
        graph.Link(left.Last, right.First, 1);
        return new Fragment(
            Join(left.Empty, right.Empty), Across(left.First, right.First, left.Empty),
            Across(right.Last, left.Last, right.Empty));
    }

    /// <summary>Either.</summary>
    public static Fragment Or(Fragment left, Fragment right) => new(
        Add(left.Empty, right.Empty), [.. left.First, .. right.First], [.. left.Last, .. right.Last]);

    /// <summary>Edges from each end of one part to each start of another.</summary>
    public static void Link(
        this AmbiguityGraph graph, IReadOnlyList<Border> from, IReadOnlyList<Border> to, int ways)
    {
        foreach (var last in from)
        {
            foreach (var first in to)
            {
                if (graph.IsTooLarge)
                {
                    return;
                }

                var gap = Join(last.Gap, first.Gap);
                var label = graph[first.Position].Set.Intersect(gap.Next);
                graph.Connect(last.Position, first.Position, label, Math.Min(2, gap.Ways * ways));
            }
        }
    }

    /// <summary>Either way of matching nothing.</summary>
    public static Gap Add(Gap left, Gap right)
    {
        if (left.Ways == 0 || right.Ways == 0)
        {
            return left.Ways == 0 ? right : left;
        }

        return new Gap(2, left.IsSure || right.IsSure, left.Next.Union(right.Next));
    }

    private static Gap Join(Gap left, Gap right) =>
        new(Math.Min(2, left.Ways * right.Ways), left.IsSure && right.IsSure, left.Next.Intersect(right.Next));

    /// <summary>The near part's borders, and the far part's seen through a near part that matches nothing.</summary>
    private static IReadOnlyList<Border> Across(IReadOnlyList<Border> near, IReadOnlyList<Border> far, Gap through) =>
        through.Ways == 0 || far.Count == 0
            ? near
            : [.. near, .. far.Select(border => border with { Gap = Join(border.Gap, through) })];
}
