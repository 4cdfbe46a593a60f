using System.CommandLine;
using System.Text.Json;
using SensorGateway.Cli.Payloads;
using SensorGateway.Cli.RuleListing;

namespace SensorGateway.Cli.Commands.RuleWork;

/// <summary><c>rules list|cost</c>.</summary>
internal static class RulesCommand
{
    private const int TopForPeople = 20;

    public static Command Create()
    {
        var command = new Command("rules", "Lists rules, or what each of them costs.") { CreateList(), CreateCost() };
        HelpWithExamples.Add(
            command, "sensor-gateway rules list --rules rules/", "sensor-gateway rules cost --rules rules/ --top 10");
        return command;
    }

    private static Command CreateList()
    {
        var rules = new RuleChoice();
        var json = CommonOptions.Json();
        var command = new Command(
            "list", "Rules by id, with severity, the stage that decides, the literal that guards each, tags and file.")
        {
            json,
        };
        rules.AddTo(command);
        command.SetAction(parsed =>
        {
            var console = CliConsole.Of(parsed);
            var (set, _) = rules.Load(console, parsed);
            var report = RuleReporter.List(set);
            if (parsed.GetValue(json))
            {
                console.Out.WriteLine(JsonSerializer.Serialize(report, RuleReportJson.Default.RuleListReport));
            }
            else
            {
                RulePrinter.Print(console, report);
            }
        });
        HelpWithExamples.Add(command, "sensor-gateway rules list --rules rules/", "sensor-gateway rules list -c gateway.yaml");
        return command;
    }

    private static Command CreateCost()
    {
        var rules = new RuleChoice();
        var payloads = new Option<string?>("--payloads", "-p")
        {
            Description = "File of payloads to measure on; typical traffic unless told.",
            HelpName = "FRAMES",
        };
        var format = new Option<PayloadFormat?>("--format")
        {
            Description = "How payloads lie in the file; by its name unless told.",
            HelpName = "frames|lines|ndjson",
        };
        var top = new Option<int?>("--top")
        {
            Description = $"How many rules to list, 1 to 100000; {TopForPeople} unless told, with --json all.",
            HelpName = "N",
        };
        top.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && (!int.TryParse(given.Value, out var value) || value is < 1 or > 100_000))
            {
                result.AddError($"--top is {given.Value}; use 1 to 100000");
            }
        });
        var json = CommonOptions.Json();
        var command = new Command(
            "cost", "What each rule costs: its share of the nanoseconds that one payload takes, dearest first.")
        {
            payloads, format, top, json,
        };
        rules.AddTo(command);
        command.SetAction(parsed =>
        {
            var console = CliConsole.Of(parsed);
            var (set, detection) = rules.Load(console, parsed);
            var sample = parsed.GetValue(payloads) is { } file ? PayloadFile.ReadAll(file, parsed.GetValue(format)) : null;
            var isMachine = parsed.GetValue(json);
            var report = RuleReporter.Cost(
                console, set, detection, sample, parsed.GetValue(top) ?? (isMachine ? int.MaxValue : TopForPeople));
            if (isMachine)
            {
                console.Out.WriteLine(JsonSerializer.Serialize(report, RuleReportJson.Default.RuleCostReport));
            }
            else
            {
                RulePrinter.Print(console, report);
            }
        });
        HelpWithExamples.Add(
            command,
            "sensor-gateway rules cost -c gateway.yaml",
            "sensor-gateway rules cost --rules rules/ --payloads capture.frames --top 50 --json");
        return command;
    }
}
