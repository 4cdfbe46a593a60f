using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using SensorGateway.Rules;

namespace SensorGateway.Hosting.Reloading;

/// <summary>Logs what authors should know of rules that load; a generation repeats nothing of the one before.</summary>
internal sealed class RuleWarnings(ILogger log)
{
    /// <summary>Most lines for one generation.</summary>
    public const int LinesMax = 10;

    private ImmutableHashSet<RuleProblem> _said = [];

    /// <summary>One line for each new warning, and one for those that are too many.</summary>
    public void Say(ImmutableArray<RuleProblem> warnings)
    {
        var fresh = warnings.Where(warning => !_said.Contains(warning)).ToList();
        _said = [.. warnings];
        foreach (var warning in fresh.Take(LinesMax))
        {
            ReloadLog.RuleWarning(log, warning.ToString());
        }

        if (fresh.Count > LinesMax)
        {
            ReloadLog.MoreRuleWarnings(log, fresh.Count - LinesMax);
        }
    }
}
