using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Pricing;
using SensorGateway.Rules.Model;

namespace SensorGateway.Cli.RuleListing;

/// <summary>Puts together what is known of rules.</summary>
internal static class RuleReporter
{
    /// <summary>How long prices are measured.</summary>
    private static readonly TimeSpan PricingTime = TimeSpan.FromSeconds(1.5);

    /// <summary>All rules by id, hash lists after them.</summary>
    public static RuleListReport List(RuleSet rules)
    {
        var program = RuleProgram.Build(rules, new DetectionOptions());
        var listed = new List<ListedRule>();
        for (var i = 0; i < program.Reported.Length; i++)
        {
            var (reported, facts) = (program.Reported[i], program.Facts[i]);
            var position = i < rules.Rules.Length ? rules.Rules[i].Position : default;
            listed.Add(new ListedRule(
                reported.Id,
                reported.Title,
                Name(reported.Severity),
                reported.Tags,
                Name(facts.Stage),
                facts.Literals,
                facts.Transforms,
                position.File,
                position.File is null ? null : position.Line));
        }

        return new RuleListReport(listed);
    }

    /// <summary>The prices of all rules, dearest first.</summary>
    /// <param name="console">Shows progress.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="detection">How a gateway would check payloads; the cache apart, which hides what rules cost.</param>
    /// <param name="payloads">Sample traffic; null for the typical.</param>
    /// <param name="top">How many to list.</param>
    public static RuleCostReport Cost(
        CliConsole console, RuleSet rules, DetectionOptions detection, IReadOnlyList<byte[]>? payloads, int top)
    {
        var options = detection with { CacheEntries = 0 };
        var progress = new Progress(console, "rules cost");
        var program = RuleProgram.Build(rules, options);
        var prices = RulePricer.Measure(
            program, options, payloads ?? RulePricer.TypicalPayloads, PricingTime, progress.Report);
        progress.Done();
        return new RuleCostReport(
            prices.Payloads,
            prices.PayloadsGiven,
            Math.Round(prices.NsPerPayload, 1),
            prices.Prices.Length,
            [.. prices.DearestFirst.Take(top).Select(price => Costed(program, prices, price))]);
    }

    private static CostedRule Costed(RuleProgram program, PriceList prices, RulePrice price)
    {
        var (reported, facts) = (program.Reported[price.Rule], program.Facts[price.Rule]);
        return new CostedRule(
            reported.Id,
            Name(reported.Severity),
            Math.Round(price.NsPerPayload, 2),
            Math.Round(price.NsPerPayload / Math.Max(prices.NsPerPayload, 1e-9), 4),
            Name(facts.Stage),
            facts.Literals,
            price.Runs,
            price.RegexRuns,
            price.Matches,
            price.Exploded);
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
