using SensorGateway.Pipeline.Detection.Automata;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>Puts the terms that no literal triggers into automata that run on every payload.</summary>
internal static class PlanGrouper
{
    /// <summary>Patterns per automaton; more of them multiply each other's states.</summary>
    public const int PatternsPerGroup = 16;

    /// <summary>
    /// Groups of the plans without triggers; anchored ones apart, because theirs die within a few bytes.
    /// </summary>
    public static PlanGroup[] Group(IReadOnlyList<RegexPlan> plans, IReadOnlyDictionary<int, PcreNode> roots)
    {
        var always = Enumerable.Range(0, plans.Count).Where(i => plans[i].Triggers.IsEmpty).ToList();
        var anchored = always.Where(i => plans[i].IsStartAnchored).Chunk(PatternsPerGroup);
        var others = always.Where(i => !plans[i].IsStartAnchored).Chunk(PatternsPerGroup);
        return [.. anchored.Concat(others).Select(chunk => Build(chunk, roots))];
    }

    private static PlanGroup Build(int[] members, IReadOnlyDictionary<int, PcreNode> roots)
    {
        var nfa = new NfaBuilder(PlanBuilder.RepeatNodesMax);
        foreach (var plan in members)
        {
            nfa.Add(roots[plan]);
        }

        var half = members.Length / 2;
        PlanGroup[] halves = half == 0 ? [] : [Build(members[..half], roots), Build(members[half..], roots)];
        return new PlanGroup(new Automaton(nfa.Build()), members, halves);
    }
}
