using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using SensorGateway.Cli.Testing;
using SensorGateway.Hosting;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules;
using SensorGateway.Rules.Model;
using SensorGateway.Rules.Testing;

namespace SensorGateway.Cli.Commands.RuleWork;

/// <summary><c>test</c>.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var rules = new Argument<string[]>("rules")
        {
            Description = "Rule files, folders or globs, with the *.test.yaml beside them; those of the configuration "
                + "unless told.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var hashes = CommonOptions.Hashes();
        var junit = new Option<string?>("--junit")
        {
            Description = "Also writes the results as JUnit XML, for CI.",
            HelpName = "FILE",
        };
        var json = CommonOptions.Json();
        var command = new Command(
            "test",
            "Runs the examples in rules and the tests beside them; 1 when one does not hold, 2 when a file is wrong.")
        {
            rules, config, set, hashes, junit, json,
        };
        command.SetAction(parsed =>
        {
            var console = CliConsole.Of(parsed);
            var input = InputOf(
                console, parsed.GetValue(rules) ?? [], parsed.GetValue(hashes) ?? [], parsed.GetValue(config),
                parsed.GetValue(set) ?? []);
            var ruleFiles = input.Paths.Where(path => !RuleTestLoader.IsTestFile(path));
            var loaded = RuleInput.LoadRules(console, ruleFiles, input.Hashes, input.Folder);
            var (cases, coverage) = RuleTestRun.Run(loaded, LoadTests(console, input, loaded), input.Detection);
            if (parsed.GetValue(junit) is { } path)
            {
                JUnitFile.Write(path, cases);
            }

            TestFailure[] failures = [.. cases.SelectMany(one => one.Problems).Select(ToFailure)];
            var report = new TestReport(failures.Length == 0, cases.Length, failures, coverage);
            if (parsed.GetValue(json))
            {
                console.Out.WriteLine(JsonSerializer.Serialize(report, TestJson.Default.TestReport));
            }
            else
            {
                TestPrinter.Print(console, report);
            }

            return report.Ok ? ExitCodes.Success : ExitCodes.Negative;
        });
        HelpWithExamples.Add(
            command, "sensor-gateway test rules/", "sensor-gateway test -c gateway.yaml --junit test-results.xml");
        return command;
    }

    private static Input InputOf(CliConsole console, string[] rules, string[] hashes, string? file, string[] sets)
    {
        if (rules.Length > 0)
        {
            return new Input(rules, hashes, Environment.CurrentDirectory, new DetectionOptions());
        }

        var config = RuleInput.LoadConfig(console, file, sets);
        return new Input(
            [.. config.Rules.Paths], [.. config.Rules.Hashes], config.BaseDirectory, config.ToOptions().Detection);
    }

    private static ImmutableArray<RuleTest> LoadTests(CliConsole console, Input input, RuleSet rules)
    {
        var loaded = RuleTestLoader.Load(input.Paths, rules, input.Folder);
        if (loaded.Problems.IsEmpty)
        {
            return loaded.Tests;
        }

        foreach (var problem in loaded.Problems)
        {
            console.Error.WriteLine(problem);
        }

        throw new CommandException(ExitCodes.BadRules, $"{loaded.Problems.Length} problems in the tests.");
    }

    private static TestFailure ToFailure(RuleProblem problem) => new(
        problem.Position.File, problem.Position.Line, problem.Position.Column, problem.Message);

    private sealed record Input(string[] Paths, string[] Hashes, string Folder, DetectionOptions Detection);
}
