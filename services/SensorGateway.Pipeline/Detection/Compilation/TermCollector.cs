using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>Numbers the terms of all rules and turns the rules' trees into conditions over those numbers.</summary>
internal sealed class TermCollector(LiteralTableBuilder literals, PlanBuilder planner)
{
    private readonly Dictionary<int, int> _termOfLiteral = [];
    private string _ruleId = "";

    /// <summary>
    /// By term: rules that are only this term, and complements of rules with a condition over several.
    /// </summary>
    public List<List<int>?> RulesOfTerm { get; } = [];

    /// <summary>Literals that are terms themselves: term by literal.</summary>
    public IReadOnlyDictionary<int, int> TermOfLiteral => _termOfLiteral;

    /// <summary>Plans of the regex terms.</summary>
    public List<RegexPlan> Plans { get; } = [];

    /// <summary>Syntax tree of each plan.</summary>
    public Dictionary<int, PcreNode> Roots { get; } = [];

    /// <summary>Digest terms with their numbers.</summary>
    public List<(int Term, DigestTerm Digests)> Digests { get; } = [];

    /// <summary>Conditions of the rules that are more than one term, by rule.</summary>
    public Dictionary<int, Condition> Conditions { get; } = [];

    /// <summary>Takes one rule.</summary>
    /// <param name="rule">Its number.</param>
    /// <param name="id">Its id, for profiles.</param>
    /// <param name="match">Its condition.</param>
    public void Add(int rule, string id, MatchNode match)
    {
        _ruleId = id;
        if (SingleTerm(match) is { } single)
        {
            RulesOfTerm[Number(single)]!.Add(rule);
            return;
        }

        var terms = new HashSet<int>();
        Conditions[rule] = Convert(match, terms);
        foreach (var term in terms)
        {
            RulesOfTerm[term]!.Add(~rule);
        }
    }

    private static MatchNode? SingleTerm(MatchNode match) => match switch
    {
        AnyNode { Children: [var only] } => SingleTerm(only),
        AllNode { Children: [var only] } => SingleTerm(only),
        AnyNode or AllNode or NotNode => null,
        _ => match,
    };

    private Condition Convert(MatchNode node, HashSet<int> terms)
    {
        switch (node)
        {
            case AnyNode any:
                return new Condition.Any([.. any.Children.Select(child => Convert(child, terms))]);
            case AllNode all:
                return new Condition.All([.. all.Children.Select(child => Convert(child, terms))]);
            case NotNode not:
                return new Condition.Not(Convert(not.Child, terms));
            default:
                var number = Number(node);
                terms.Add(number);
                return new Condition.Term(number);
        }
    }

    private int Number(MatchNode term)
    {
        switch (term)
        {
            case LiteralTerm literal:
                var place = literals.Add(literal.Bytes.AsSpan(), literal.NoCase);
                if (!_termOfLiteral.TryGetValue(place, out var number))
                {
                    _termOfLiteral.Add(place, number = NewTerm());
                }

                return number;
            case RegexTerm regex:
                Roots.Add(Plans.Count, regex.Pattern.Root);
                Plans.Add(planner.Plan(regex, NewTerm(), _ruleId));
                return Plans[^1].Term;
            case DigestTerm digests:
                Digests.Add((NewTerm(), digests));
                return Digests[^1].Term;
            default:
                throw new ArgumentException($"unknown kind of term {term.GetType().Name}", nameof(term));
        }
    }

    private int NewTerm()
    {
        RulesOfTerm.Add([]);
        return RulesOfTerm.Count - 1;
    }
}
