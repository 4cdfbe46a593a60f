using System.CommandLine;
using System.Text.Json;
using SensorGateway.Cli.Checking;

namespace SensorGateway.Cli.Commands;

/// <summary><c>check</c>.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var rules = new Argument<string[]>("rules")
        {
            Description = "Rule files to check in place of those the configuration names.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var noEnvironment = new Option<bool>("--no-environment")
        {
            Description = "Leave out ports, socket files and NATS: for CI.",
        };
        var costBudget = new Option<int>("--cost-budget")
        {
            Description = "Warn about rules that cost more nanoseconds per payload of typical traffic; 0 does not measure.",
            HelpName = "NS",
            DefaultValueFactory = static _ => CostCheck.BudgetNsDefault,
        };
        costBudget.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && (!int.TryParse(given.Value, out var value) || value < 0))
            {
                result.AddError($"--cost-budget is {given.Value}; use 0 to {int.MaxValue} nanoseconds");
            }
        });
        var json = CommonOptions.Json();
        var command = new Command(
            "check",
            "Checks configuration, rules and this machine without starting; 2 bad rules, 3 bad configuration, 4 bad "
                + "environment.")
        {
            rules, config, set, noEnvironment, costBudget, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var console = CliConsole.Of(parsed);
            var paths = parsed.GetValue(rules) ?? [];
            var file = parsed.GetValue(config);
            var report = file is null && paths.Length > 0
                ? Check.OfRules(paths, parsed.GetValue(costBudget))
                : await Check.OfConfigAsync(
                    file ?? CommonOptions.DefaultConfigFile,
                    parsed.GetValue(set) ?? [],
                    paths,
                    !parsed.GetValue(noEnvironment),
                    parsed.GetValue(costBudget),
                    cancel).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                await console.Out.WriteLineAsync(
                    JsonSerializer.Serialize(report, CheckJson.Default.CheckReport)).ConfigureAwait(false);
            }
            else
            {
                Print(console, report);
            }

            return report.ExitCode;
        });
        HelpWithExamples.Add(
            command, "sensor-gateway check -c gateway.yaml", "sensor-gateway check --no-environment --json",
            "sensor-gateway check rules/");
        return command;
    }

    private static void Print(CliConsole console, CheckReport report)
    {
        if (report.Config is { } config)
        {
            PrintProblems(console, config.Problems);
            PrintVerdict(console, "config", config.Ok, config.File);
        }

        if (report.Rules is { } rules)
        {
            PrintProblems(console, rules.Warnings, "warning: ");
            PrintProblems(console, rules.Problems);
            var warnings = rules.Warnings.Count == 0 ? "" : $", {rules.Warnings.Count} warnings";
            PrintVerdict(
                console, "rules", rules.Ok,
                (rules.Ok ? $"{rules.Rules} rules, {rules.Hashes} hashes" : $"{rules.Problems.Count} problems") + warnings);
        }

        foreach (var check in report.Environment?.Checks ?? [])
        {
            if (!check.Ok)
            {
                console.Error.WriteLine($"{check.Name}: {check.Detail}");
            }

            PrintVerdict(console, check.Name, check.Ok, check.Ok ? check.Detail : "see above");
        }
    }

    private static void PrintProblems(CliConsole console, IEnumerable<CheckProblem> problems, string kind = "")
    {
        foreach (var problem in problems)
        {
            console.Error.WriteLine(problem.Line > 0
                ? $"{problem.File}:{problem.Line}:{problem.Column}: {kind}{problem.Message}"
                : $"{problem.File}: {kind}{problem.Message}");
        }
    }

    private static void PrintVerdict(CliConsole console, string what, bool ok, string detail) =>
        console.Out.WriteLine($"{(ok ? console.Color("32", "ok  ") : console.Color("31", "FAIL"))} {what}: {detail}");
}
