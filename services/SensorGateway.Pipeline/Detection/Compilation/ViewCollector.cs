using SensorGateway.Pipeline.Detection.Factors;
using SensorGateway.Pipeline.Detection.Literals;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Pcre;

namespace SensorGateway.Pipeline.Detection.Compilation;

/// <summary>Collects the terms of one chain of transforms.</summary>
internal sealed class ViewCollector
{
    private readonly int _node;
    private readonly TransformChain _chain;
    private readonly LiteralTableBuilder _literals = new();
    private readonly PlanBuilder _planner;
    private readonly Dictionary<int, int> _termOfLiteral = [];
    private readonly List<RegexPlan> _plans = [];
    private readonly Dictionary<int, PcreNode> _roots = [];

    public ViewCollector(int node, TransformChain chain, DetectionOptions options)
    {
        _node = node;
        _chain = chain;
        _planner = new PlanBuilder(_literals, options);
    }

    /// <summary>Takes a literal term; equal ones are one term.</summary>
    /// <param name="term">What to look for.</param>
    /// <param name="newTerm">Numbers a term.</param>
    public (int Term, int Literal) Add(LiteralTerm term, Func<int> newTerm)
    {
        var literal = _literals.Add(term.Bytes.AsSpan(), term.NoCase);
        if (!_termOfLiteral.TryGetValue(literal, out var number))
        {
            _termOfLiteral.Add(literal, number = newTerm());
        }

        return (number, literal);
    }

    /// <summary>Takes a regex term of a rule.</summary>
    public RegexPlan Add(RegexTerm term, int number, string ruleId)
    {
        var root = LeadingRepeats.Trim(term.Pattern.Root);
        _roots.Add(_plans.Count, root);
        _plans.Add(_planner.Plan(term, root, number, ruleId));
        return _plans[^1];
    }

    /// <summary>Number of a guard, which need not be a term itself.</summary>
    public int NumberOf(LiteralTerm guard) => _literals.Add(guard.Bytes.AsSpan(), guard.NoCase);

    /// <summary>The finished program.</summary>
    public ViewProgram Build()
    {
        RegexPlan[] plans = [.. _plans];
        var literals = _literals.Build();
        var actions = LiteralActions.Of(literals.Count, _termOfLiteral, plans);
        return new ViewProgram
        {
            Node = _node,
            Chain = _chain,
            Plans = plans,
            Groups = PlanGrouper.Group(_plans, _roots),
            Literals = literals,
            Actions = actions,
            Scanner = new LiteralScanner(literals, actions.Used, GramFrequency.Typical),
        };
    }
}
