using SensorGateway.Pipeline.Detection.Regexes;
using SensorGateway.Pipeline.Detection.Transforms;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>Numbers the terms of all rules and turns the rules' trees into conditions over those numbers.</summary>
internal sealed class TermCollector
{
    private readonly DetectionOptions _options;
    private readonly List<ViewCollector> _views = [];
    private readonly Dictionary<int, int> _viewOfNode = [];
    private readonly Dictionary<MatchNode, Place> _places = new(ReferenceEqualityComparer.Instance);
    private string _ruleId = "";

    public TermCollector(DetectionOptions options)
    {
        _options = options;
        ViewOf(TransformChain.None); // The payload as it came is always view 0.
    }

    /// <summary>
    /// By term: rules that are only this term, and complements of rules with a condition over several.
    /// </summary>
    public List<List<int>?> RulesOfTerm { get; } = [];

    /// <summary>Where the views' bytes come from.</summary>
    public ViewTree Tree { get; } = new();

    /// <summary>Digest terms with their numbers.</summary>
    public List<(int Term, DigestTerm Digests)> Digests { get; } = [];

    /// <summary>Conditions of the rules that are more than one term, by rule.</summary>
    public Dictionary<int, Condition> Conditions { get; } = [];

    /// <summary>By term: the view whose bytes it looks at.</summary>
    public List<int> ViewOfTerm { get; } = [];

    /// <summary>By rule: its positive literals and regexes in file order.</summary>
    public List<Place[]> Places { get; } = [];

    /// <summary>Takes the next rule.</summary>
    /// <param name="rule">Its number.</param>
    /// <param name="id">Its id, for profiles.</param>
    /// <param name="match">Its condition.</param>
    public void Add(int rule, string id, MatchNode match)
    {
        _ruleId = id;
        if (SingleTerm(match) is { } single)
        {
            RulesOfTerm[Number(single)]!.Add(rule);
        }
        else
        {
            var terms = new HashSet<int>();
            Conditions[rule] = Convert(match, terms);
            foreach (var term in terms)
            {
                RulesOfTerm[term]!.Add(~rule);
            }
        }

        Places.Add([.. PositivesOf(match).Select(term => _places[term])]);
    }

    /// <summary>The finished programs of all views.</summary>
    public ViewProgram[] BuildViews() => [.. _views.Select(view => view.Build())];

    private static MatchNode? SingleTerm(MatchNode match) => match switch
    {
        AnyNode { Children: [var only] } => SingleTerm(only),
        AllNode { Children: [var only] } => SingleTerm(only),
        AnyNode or AllNode or NotNode => null,
        _ => match,
    };

    private static IEnumerable<MatchNode> PositivesOf(MatchNode match) => match switch
    {
        AnyNode any => any.Children.SelectMany(PositivesOf),
        AllNode all => all.Children.SelectMany(PositivesOf),
        LiteralTerm or RegexTerm => [match],
        _ => [],
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
                var literalView = ViewOf(literal.Chain);
                var (number, place) = _views[literalView].Add(literal, () => NewTerm(literalView));
                _places.TryAdd(term, new Place(literalView, number, place, null, []));
                return number;
            case RegexTerm regex:
                var view = ViewOf(regex.Chain);
                var plan = _views[view].Add(regex, NewTerm(view), _ruleId);
                int[] guards = _options.GuardsAsConditions ? [.. regex.Guards.Select(_views[view].NumberOf)] : [];

                // An exact automaton tells whether there is a match; where it lies only the regex can say.
                var slot = plan.Regex ?? new RegexSlot(regex.Pattern, _ruleId, _options.MatchTimeout);
                _places.TryAdd(term, new Place(view, plan.Term, -1, slot, guards));
                return plan.Term;
            case DigestTerm digests:
                Digests.Add((NewTerm(view: 0), digests));
                return Digests[^1].Term;
            default:
                throw new ArgumentException($"unknown kind of term {term.GetType().Name}", nameof(term));
        }
    }

    private int ViewOf(TransformChain chain)
    {
        var node = Tree.NodeOf(chain);
        if (!_viewOfNode.TryGetValue(node, out var view))
        {
            view = _views.Count;
            _views.Add(new ViewCollector(node, chain, _options));
            _viewOfNode.Add(node, view);
        }

        return view;
    }

    private int NewTerm(int view)
    {
        RulesOfTerm.Add([]);
        ViewOfTerm.Add(view);
        return RulesOfTerm.Count - 1;
    }
}
