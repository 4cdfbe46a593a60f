using SensorGateway.Pipeline.Detection.Compilation;
using SensorGateway.Pipeline.Detection.Pricing;
using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Pipeline.Detection.Transforms;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection;

/// <summary>One generation of rules, compiled. Immutable and shared by all workers; built off the path.</summary>
public sealed class RuleProgram
{
    private static long _lastGeneration;

    // A compiled regex takes some ten kilobytes; the hottest few are worth them.
    private const int CompiledMax = 256;

    private readonly ReportedRule[] _reported;
    private readonly Lazy<RuleFacts[]> _facts;
    private PriceList? _prices;
    private readonly RegexSlot[] _slots; // All regexes: those that decide, and those that only find places.
    private int _compiled;

    private RuleProgram(RuleSet rules, DetectionOptions options)
    {
        Rules = rules;
        Generation = Interlocked.Increment(ref _lastGeneration);
        _reported = [.. rules.Rules.Select(Report), .. rules.HashLists.Select(Report)];

        var terms = new TermCollector(options);
        for (var rule = 0; rule < rules.Rules.Length; rule++)
        {
            terms.Add(rule, rules.Rules[rule].Id, rules.Rules[rule].Match);
        }

        Views = terms.BuildViews();
        Tree = terms.Tree;
        Places = [.. terms.Places];
        var deciding = Views.SelectMany(view => view.Plans).Select(plan => plan.Regex);
        _slots = [.. deciding.Concat(Places.SelectMany(places => places).Select(place => place.Regex)).OfType<RegexSlot>().Distinct()];
        RulesOfTerm = new IntLists(terms.RulesOfTerm);
        TermCount = terms.RulesOfTerm.Count;
        Conditions = new Condition?[rules.Rules.Length];
        foreach (var (rule, condition) in terms.Conditions)
        {
            Conditions[rule] = condition;
        }

        Digests = DigestTable.Of(rules, terms.Digests);
        RunsAlways = new bool[TermCount];
        foreach (var plan in Views.SelectMany(view => view.Plans))
        {
            RunsAlways[plan.Term] = plan.Triggers.IsEmpty;
        }

        DigestTerms = [.. terms.Digests.Select(each => each.Term)];
        TermsOfRule = Invert(RulesOfTerm, TermCount, rules.Rules.Length);
        ViewOfTerm = terms.ViewOfTerm.ToArray();
        _facts = new Lazy<RuleFacts[]>(() => RuleFacts.Of(this));
    }

    /// <summary>What it was built from.</summary>
    public RuleSet Rules { get; }

    /// <summary>Unique in this process; tags cached verdicts.</summary>
    public long Generation { get; }

    /// <summary>What matches are reported as: the rules in the set's order, then one per hash list.</summary>
    public ReadOnlySpan<ReportedRule> Reported => _reported;

    /// <summary>What can be said of each reported rule before any payload; worked out when first asked for.</summary>
    public ReadOnlySpan<RuleFacts> Facts => _facts.Value;

    /// <summary>What each rule costs, once that has been measured. Any thread.</summary>
    public PriceList? Prices
    {
        get => Volatile.Read(ref _prices);
        private set => Volatile.Write(ref _prices, value);
    }

    /// <summary>One per chain of transforms; the first sees the payload as it came.</summary>
    internal ViewProgram[] Views { get; }

    /// <summary>Where the views' bytes come from.</summary>
    internal ViewTree Tree { get; }

    /// <summary>By rule: its positive terms, in file order.</summary>
    internal Place[][] Places { get; }

    internal IntLists RulesOfTerm { get; }

    /// <summary>By rule: its terms, those under a <c>not</c> included.</summary>
    internal IntLists TermsOfRule { get; }

    /// <summary>By term: the view whose bytes it looks at.</summary>
    internal int[] ViewOfTerm { get; }

    /// <summary>By term: true when an automaton looks for it in every payload.</summary>
    internal bool[] RunsAlways { get; }

    internal int[] DigestTerms { get; }

    internal int TermCount { get; }

    internal Condition?[] Conditions { get; }

    internal DigestTable? Digests { get; }

    /// <summary>Compiles a rule set. Takes milliseconds to a second: never call it on a pinned thread.</summary>
    public static RuleProgram Build(RuleSet rules, DetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(options);
        var program = new RuleProgram(rules, options);
        foreach (var place in program.Places.SelectMany(places => places))
        {
            place.Regex?.WarmUp([]); // The first run makes its buffers, and an alert must find them there.
        }

        return program;
    }

    /// <summary>Runs every regex once on <paramref name="sample"/>, so that no detection thread is the first.</summary>
    public void WarmUp(ReadOnlySpan<byte> sample)
    {
        var chars = new char[sample.Length];
        ByteText.Widen(sample, chars);
        foreach (var plan in Views.SelectMany(view => view.Plans))
        {
            plan.Regex?.WarmUp(chars);
        }
    }

    /// <summary>Measures on typical traffic what each rule costs and keeps it in <see cref="Prices"/>. Off the path only.</summary>
    public void MeasurePrices(DetectionOptions options, TimeSpan time) =>
        Prices = RulePricer.Measure(this, options, RulePricer.TypicalPayloads, time);

    /// <summary>Rules of which a regex timed out so often that it is not run any more, ascending.</summary>
    public int[] QuarantinedRules()
    {
        var rules = new SortedSet<int>();
        foreach (var plan in Views.SelectMany(view => view.Plans))
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
        foreach (var slot in _slots)
        {
            if (_compiled < CompiledMax && slot.TryCompile(runsMin))
            {
                _compiled++;
            }
        }

        return _compiled - before;
    }

    private static IntLists Invert(IntLists rulesOfTerm, int terms, int rules)
    {
        var lists = new List<int>[rules];
        for (var rule = 0; rule < rules; rule++)
        {
            lists[rule] = [];
        }

        for (var term = 0; term < terms; term++)
        {
            foreach (var entry in rulesOfTerm[term])
            {
                lists[entry < 0 ? ~entry : entry].Add(term);
            }
        }

        return new IntLists(lists);
    }

    private static ReportedRule Report(Rule rule) => new(rule.Id, rule.Title, rule.Severity, rule.Tags, rule.Author);

    private static ReportedRule Report(HashList list) =>
        new("ioc." + list.Name, "Payload in hash list " + list.Name, Severity.High, [], null);
}
