using SensorGateway.Configuration.Loading;
using SensorGateway.Configuration.Model;
using SensorGateway.Hosting;
using SensorGateway.Hosting.Reloading;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules;
using SensorGateway.Rules.Model;

namespace SensorGateway.Cli.Checking;

/// <summary>Finds out, without starting anything, whether a gateway would start and work.</summary>
internal static class Check
{
    /// <summary>Checks rule files alone.</summary>
    public static CheckReport OfRules(string[] paths, int costBudgetNs)
    {
        var rules = CheckRules(paths, [], Environment.CurrentDirectory, new DetectionOptions(), costBudgetNs);
        return Conclude(null, rules, null);
    }

    /// <summary>Checks a configuration, the rules it names (or these), and unless told not to, the machine.</summary>
    public static async Task<CheckReport> OfConfigAsync(
        string file, string[] sets, string[] paths, bool environment, int costBudgetNs, CancellationToken cancel)
    {
        var loaded = ConfigLoader.LoadFile(file, sets);
        var problems = loaded.Problems
            .Select(problem => new CheckProblem(
                problem.File,
                problem.Line,
                problem.Column,
                $"{problem.Option.Key} {problem.Option.Problem}; {problem.Option.Fix}."))
            .ToArray();
        var checkedConfig = new CheckedFiles(problems.Length == 0, file, problems);
        if (loaded.Config is not { } config)
        {
            return Conclude(checkedConfig, paths.Length > 0 ? OfRules(paths, costBudgetNs).Rules : null, null);
        }

        var rules = paths.Length > 0
            ? CheckRules(paths, [], Environment.CurrentDirectory, config.ToOptions().Detection, costBudgetNs)
            : CheckRules(
                [.. config.Rules.Paths], [.. config.Rules.Hashes], config.BaseDirectory, config.ToOptions().Detection,
                costBudgetNs);
        var namesControl = loaded.Settings.Find("control.socket") is { Origin: not "default" };
        var machine = environment
            ? await EnvironmentCheck.RunAsync(config, namesControl, cancel).ConfigureAwait(false)
            : null;
        return Conclude(checkedConfig, rules, machine);
    }

    private static CheckedRules CheckRules(
        string[] paths, string[] hashes, string baseDirectory, DetectionOptions options, int costBudgetNs)
    {
        var loaded = RuleLoader.Load(paths, hashes, baseDirectory);
        CheckProblem[] warnings = [.. loaded.Warnings.Select(ToProblem)];
        if (loaded.Rules is { } rules)
        {
            var (program, failures) = GenerationLoader.Prove(rules, options);
            var digests = rules.HashLists.Sum(list => (long)list.Count);
            return program is not null
                ? new CheckedRules(true, rules.Rules.Length, digests, [])
                {
                    Warnings = [.. warnings, .. CostCheck.Warnings(program, options, costBudgetNs)],
                }
                : new CheckedRules(false, 0, 0, [.. failures.Select(ToProblem)]) { Warnings = warnings };
        }

        return new CheckedRules(false, 0, 0, [.. loaded.Problems.Select(ToProblem)]) { Warnings = warnings };
    }

    private static CheckProblem ToProblem(RuleProblem problem) => new(
        problem.Position.File, problem.Position.Line, problem.Position.Column, problem.Message);

    private static CheckReport Conclude(CheckedFiles? config, CheckedRules? rules, CheckedEnvironment? environment)
    {
        var code = config is { Ok: false } ? ExitCodes.BadConfig
            : rules is { Ok: false } ? ExitCodes.BadRules
            : environment is { Ok: false } ? ExitCodes.BadEnvironment
            : ExitCodes.Success;
        return new CheckReport(code == ExitCodes.Success, code, config, rules, environment);
    }
}
