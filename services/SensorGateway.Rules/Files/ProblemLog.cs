using SensorGateway.Rules.Model;

namespace SensorGateway.Rules.Files;

/// <summary>Collects the problems of one file; lists the first hundred and counts the rest.</summary>
internal sealed class ProblemLog(string file)
{
    private readonly List<RuleProblem> _listed = [];
    private readonly List<RuleProblem> _warnings = [];
    private int _more;
    private int _moreWarnings;

    public bool IsEmpty => _listed.Count == 0;

    public SourcePosition At(int line, int column) => new(file, line, column);

    public void Add(int line, int column, string problem, string fix) => Add(At(line, column), problem, fix);

    public void Add(SourcePosition position, string problem, string fix)
    {
        if (_listed.Count < RuleLimits.ProblemsListedMax)
        {
            _listed.Add(new RuleProblem(position, problem, fix));
        }
        else
        {
            _more++;
        }
    }

    /// <summary>Notes what the author should know and what keeps no rule from loading.</summary>
    public void Warn(SourcePosition position, string problem, string fix)
    {
        if (_warnings.Count < RuleLimits.ProblemsListedMax)
        {
            _warnings.Add(new RuleProblem(position, problem, fix));
        }
        else
        {
            _moreWarnings++;
        }
    }

    /// <summary>What was listed, in file order, and one line for what was not.</summary>
    public IEnumerable<RuleProblem> All() => InOrder(_listed, _more, "problems");

    /// <summary>The warnings, in file order, and one line for those not listed.</summary>
    public IEnumerable<RuleProblem> Warnings() => InOrder(_warnings, _moreWarnings, "warnings");

    private IEnumerable<RuleProblem> InOrder(List<RuleProblem> listed, int more, string what)
    {
        var inOrder = listed.OrderBy(problem => problem.Position.Line).ThenBy(problem => problem.Position.Column);
        return more == 0
            ? inOrder
            : inOrder.Append(
                new RuleProblem(At(0, 0), $"{more} more {what} are not listed", "repair the listed ones first"));
    }
}
