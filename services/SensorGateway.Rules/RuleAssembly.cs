using SensorGateway.Rules.Files;
using SensorGateway.Rules.Model;

namespace SensorGateway.Rules;

/// <summary>Puts the rules of all files together and finds what is wrong between them.</summary>
internal sealed class RuleAssembly
{
    private readonly Dictionary<string, SourcePosition> _ids = new(StringComparer.Ordinal);
    private readonly List<Rule> _rules = [];
    private readonly List<HashList> _hashLists = [];
    private readonly HashSet<TransformChain> _transforms = [];
    private readonly List<RuleProblem> _problems = [];
    private readonly List<RuleProblem> _warnings = [];

    /// <param name="rules">Rules of one file.</param>
    /// <param name="problems">Its problems so far; duplicate ids are added to them.</param>
    public void Add(IReadOnlyList<Rule> rules, ProblemLog problems)
    {
        foreach (var rule in rules)
        {
            TakeId(rule.Id, rule.Position, problems);
            _rules.Add(rule);
            TakeTransforms(rule, problems);
            if (_rules.Count == RuleLimits.RulesMax + 1)
            {
                problems.Add(
                    rule.Position, $"this is one rule more than the {RuleLimits.RulesMax} a gateway takes",
                    "load fewer rules");
            }
        }

        _problems.AddRange(problems.All());
        _warnings.AddRange(problems.Warnings());
    }

    /// <param name="file">Where the list stands.</param>
    /// <param name="list">Null when it has problems.</param>
    /// <param name="problems">Its problems so far.</param>
    public void Add(SourceFile file, HashList? list, ProblemLog problems)
    {
        if (list is not null)
        {
            TakeId("ioc." + list.Name, new SourcePosition(file.Display, 0, 0), problems);
            _hashLists.Add(list);
        }

        _problems.AddRange(problems.All());
    }

    public RuleLoadResult Finish(IEnumerable<RuleProblem> pathProblems)
    {
        _problems.InsertRange(0, pathProblems);
        if (_problems.Count > 0)
        {
            return new RuleLoadResult(null, [.. _problems]) { Warnings = [.. _warnings] };
        }

        _rules.Sort((left, right) => string.CompareOrdinal(left.Id, right.Id));
        return new RuleLoadResult(new RuleSet([.. _rules], [.. _hashLists]), []) { Warnings = [.. _warnings] };
    }

    private void TakeTransforms(Rule rule, ProblemLog problems)
    {
        foreach (var chain in rule.Match.Transforms())
        {
            if (_transforms.Add(chain) && _transforms.Count == RuleLimits.TransformsMax + 1)
            {
                problems.Add(
                    rule.Position,
                    $"'{chain}' is one list of transforms more than the {RuleLimits.TransformsMax} a gateway takes",
                    "use those of other rules");
            }
        }
    }

    private void TakeId(string id, SourcePosition position, ProblemLog problems)
    {
        if (!_ids.TryAdd(id, position))
        {
            problems.Add(
                position, $"the id '{id}' is already that of {_ids[id]}", "give each rule and hash list its own");
        }
    }
}
