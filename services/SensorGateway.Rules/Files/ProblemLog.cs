using SensorGateway.Rules.Model;

namespace SensorGateway.Rules.Files;

/// <summary>Collects the problems of one file; lists the first hundred and counts the rest.</summary>
internal sealed class ProblemLog(string file)
{
    private readonly List<RuleProblem> _listed = [];
    private int _more;

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

    /// <summary>What was listed, in file order, and one line for what was not.</summary>
    public IEnumerable<RuleProblem> All()
    {
        var inOrder = _listed.OrderBy(problem => problem.Position.Line).ThenBy(problem => problem.Position.Column);
        return _more == 0
            ? inOrder
            : inOrder.Append(
                new RuleProblem(At(0, 0), $"{_more} more problems are not listed", "repair the listed ones first"));
    }
}
