using System.Collections.Concurrent;
using SensorGateway.Pipeline.Detection.Compilation;
using SensorGateway.Pipeline.Detection.Factors;
using SensorGateway.Pipeline.Detection.Hashes;
using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection;

/// <summary>One generation of rules, compiled. Immutable and shared by all workers; built off the path.</summary>
public sealed class RuleProgram
{
    private static long _lastGeneration;

    // A compiled regex takes some ten kilobytes; the hottest few are worth them.
    private const int CompiledMax = 256;

    private readonly ReportedRule[] _reported;
    private readonly ConcurrentBag<RegexSlot> _locating = [];
    private int _compiled;

    private RuleProgram(RuleSet rules, DetectionOptions options)
    {
        Rules = rules;
        Generation = Interlocked.Increment(ref _lastGeneration);
        _reported = [.. rules.Rules.Select(Report), .. rules.HashLists.Select(Report)];

        var literals = new LiteralTableBuilder();
        var terms = new TermCollector(literals, new PlanBuilder(literals, options));
        for (var rule = 0; rule < rules.Rules.Length; rule++)
        {
            terms.Add(rule, rules.Rules[rule].Id, rules.Rules[rule].Match);
        }

        Plans = [.. terms.Plans];
        Groups = PlanGrouper.Group(terms.Plans, terms.Roots);
        RulesOfTerm = new IntLists(terms.RulesOfTerm);
        TermCount = terms.RulesOfTerm.Count;
        Conditions = new Condition?[rules.Rules.Length];
        foreach (var (rule, condition) in terms.Conditions)
        {
            Conditions[rule] = condition;
        }

        Literals = literals.Build();
        Actions = LiteralActions.Of(Literals.Count, terms.TermOfLiteral, Plans);
        Scanner = new LiteralScanner(Literals, Actions.Used, GramFrequency.Typical);
        Digests = DigestTable.Of(rules, terms.Digests);
    }

    /// <summary>What it was built from.</summary>
    public RuleSet Rules { get; }

    /// <summary>Unique in this process; tags cached verdicts.</summary>
    public long Generation { get; }

    /// <summary>What matches are reported as: the rules in the set's order, then one per hash list.</summary>
    public ReadOnlySpan<ReportedRule> Reported => _reported;

    internal RegexPlan[] Plans { get; }

    internal PlanGroup[] Groups { get; }

    internal IntLists RulesOfTerm { get; }

    internal int TermCount { get; }

    internal Condition?[] Conditions { get; }

    internal LiteralTable Literals { get; }

    internal LiteralActions Actions { get; }

    internal LiteralScanner Scanner { get; }

    internal DigestTable? Digests { get; }

    /// <summary>Compiles a rule set. Takes milliseconds to a second: never call it on a pinned thread.</summary>
    public static RuleProgram Build(RuleSet rules, DetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(options);
        return new RuleProgram(rules, options);
    }

    /// <summary>Runs every regex once on <paramref name="sample"/>, so that no detection thread is the first.</summary>
    public void WarmUp(ReadOnlySpan<byte> sample)
    {
        var chars = new char[sample.Length];
        ByteText.Widen(sample, chars);
        foreach (var plan in Plans)
        {
            plan.Regex?.WarmUp(chars);
        }
    }

    /// <summary>Rules of which a regex timed out so often that it is not run any more, ascending.</summary>
    public int[] QuarantinedRules()
    {
        var rules = new SortedSet<int>();
        foreach (var plan in Plans)
        {
            if (plan.Regex is { IsQuarantined: true })
            {
                foreach (var entry in RulesOfTerm[plan.Term])
                {
                    rules.Add(entry < 0 ? ~entry : entry);
                }
            }
        }

        return [.. rules];
    }

    /// <summary>
    /// Brings regexes that ran often and have matched one step closer to their compiled form. Off the path only, again
    /// and again; one caller at a time.
    /// </summary>
    /// <returns>How many were compiled by this call.</returns>
    public int TuneRegexes(long runsMin)
    {
        var before = _compiled;
        foreach (var slot in Plans.Select(static plan => plan.Regex).OfType<RegexSlot>().Concat(_locating))
        {
            if (_compiled < CompiledMax && slot.TryCompile(runsMin))
            {
                _compiled++;
            }
        }

        return _compiled - before;
    }

    /// <summary>A regex that a worker finds places of matches with; from now on tuned with the others.</summary>
    internal RegexSlot NewLocatingRegex(RegexTerm term, string ruleId, TimeSpan timeout)
    {
        var slot = new RegexSlot(term.Pattern, ruleId, timeout);
        _locating.Add(slot);
        return slot;
    }

    private static ReportedRule Report(Rule rule) => new(rule.Id, rule.Title, rule.Severity, rule.Tags, rule.Author);

    private static ReportedRule Report(HashList list) =>
        new("ioc." + list.Name, "Payload in hash list " + list.Name, Severity.High, [], null);
}
