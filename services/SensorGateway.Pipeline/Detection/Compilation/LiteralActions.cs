namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>What finding a literal means: a term is true, or a regex term becomes a candidate.</summary>
internal sealed class LiteralActions
{
    private LiteralActions(IntLists actions, List<int> used)
    {
        ByLiteral = actions;
        Used = used;
    }

    /// <summary>Per literal: a term that is now true, or the complement of a plan that is now a candidate.</summary>
    public IntLists ByLiteral { get; }

    /// <summary>Literals that have an action; the others are only looked for on demand.</summary>
    public IReadOnlyCollection<int> Used { get; }

    public static LiteralActions Of(int literals, IReadOnlyDictionary<int, int> termOfLiteral, RegexPlan[] plans)
    {
        var lists = new List<int>?[literals];
        foreach (var (literal, term) in termOfLiteral)
        {
            (lists[literal] ??= []).Add(term);
        }

        for (var plan = 0; plan < plans.Length; plan++)
        {
            foreach (var literal in plans[plan].Triggers)
            {
                (lists[literal] ??= []).Add(~plan);
            }
        }

        var used = Enumerable.Range(0, literals).Where(literal => lists[literal] is not null).ToList();
        return new LiteralActions(new IntLists(lists), used);
    }
}
