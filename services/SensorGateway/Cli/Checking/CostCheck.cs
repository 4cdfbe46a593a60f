using System.Globalization;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Pricing;

namespace SensorGateway.Cli.Checking;

/// <summary>Warns about rules that cost more than they should.</summary>
internal static class CostCheck
{
    /// <summary>A rule above this alone would halve what one core can check of payloads that cost as much.</summary>
    public const int BudgetNsDefault = 10_000;

    private static readonly TimeSpan PricingTime = TimeSpan.FromMilliseconds(500);

    /// <summary>One warning per rule above the budget, dearest first; none when the budget is 0.</summary>
    public static CheckProblem[] Warnings(RuleProgram program, DetectionOptions options, int budgetNs)
    {
        if (budgetNs == 0 || program.Rules.Rules.IsEmpty)
        {
            return [];
        }

        var prices = RulePricer.Measure(program, options, RulePricer.TypicalPayloads, PricingTime);
        return
        [
            .. prices.DearestFirst
                .Where(price => price.Rule < program.Rules.Rules.Length && price.NsPerPayload > budgetNs)
                .Select(price => Warning(program, price, budgetNs)),
        ];
    }

    private static CheckProblem Warning(RuleProgram program, RulePrice price, int budgetNs)
    {
        var rule = program.Rules.Rules[price.Rule];
        var exploded = price.Exploded is null ? "" : $" (automaton: {price.Exploded})";
        var cure = program.Facts[price.Rule].Literals.IsEmpty
            ? "give it a guard, or a literal of four bytes or more"
            : "give it a guard that is rarer in traffic, or a simpler regex";
        return new CheckProblem(
            rule.Position.File,
            rule.Position.Line,
            rule.Position.Column,
            string.Create(
                CultureInfo.InvariantCulture,
                $"rule '{rule.Id}' costs {price.NsPerPayload:N0} ns per payload of typical traffic{exploded}, more than "
                    + $"{budgetNs:N0}; {cure}, or raise --cost-budget."));
    }
}
