using SensorGateway.Pipeline.Detection.Inspecting;

namespace SensorGateway.Pipeline.Detection.Pricing;

/// <summary>Tells which rules made automata outgrow their memory on the traffic that an inspector has seen.</summary>
internal static class Explosion
{
    private const string SlowLane = "slow lane";

    /// <summary>In words; null for a rule that behaved.</summary>
    public static string? Of(RuleProgram program, Inspector inspector, int rule)
    {
        string? worst = null;
        foreach (var term in rule < program.Rules.Rules.Length ? program.TermsOfRule[rule] : [])
        {
            var view = program.ViewOfTerm[term];
            var plan = Array.FindIndex(program.Views[view].Plans, each => each.Term == term);
            worst = plan < 0 ? worst : OfPlan(program, inspector, view, plan) ?? worst;
        }

        return worst;
    }

    private static string? OfPlan(RuleProgram program, Inspector inspector, int view, int plan)
    {
        var groups = inspector.Views[view].Groups;
        if (inspector.Views[view].IsSlow(plan))
        {
            return SlowLane;
        }

        if (inspector.Views[view].FlushesOf(plan) > 0)
        {
            return "starts over";
        }

        for (var group = 0; group < groups.Count; group++)
        {
            if (groups.PlansOf(group) is [var only] && only == plan)
            {
                var hadCompany = !program.Views[view].Groups.Any(first => first.Plans is [var alone] && alone == plan);
                return groups.DfaOf(group).IsGivenUp ? SlowLane : groups.DfaOf(group).Flushes > 0 ? "starts over" : hadCompany ? "own automaton" : null;
            }
        }

        return null;
    }
}
