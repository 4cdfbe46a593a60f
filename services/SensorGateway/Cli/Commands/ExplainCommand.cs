using System.CommandLine;
using System.Text.Json;
using SensorGateway.Cli.Explaining;
using SensorGateway.Cli.Payloads;

namespace SensorGateway.Cli.Commands;

/// <summary><c>explain</c>.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "File that is the payload, byte for byte; - or nothing reads standard input.",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = static _ => "-",
        };
        var rules = CommonOptions.Rules();
        var hashes = CommonOptions.Hashes();
        var json = CommonOptions.Json();
        var command = new Command(
            "explain", "Shows for one payload which rules match, where, which stage decided, and what nearly matched.")
        {
            file, rules, hashes, json,
        };
        command.SetAction(parsed =>
        {
            var console = CliConsole.Of(parsed);
            var (set, _) = RuleInput.LoadNamed(console, parsed.GetValue(rules) ?? [], parsed.GetValue(hashes) ?? []);
            var report = Explain.Run(set, PayloadFile.ReadOne(parsed.GetValue(file)!));
            if (parsed.GetValue(json))
            {
                console.Out.WriteLine(JsonSerializer.Serialize(report, ExplainJson.Default.ExplainReport));
            }
            else
            {
                ExplainPrinter.Print(console, report);
            }
        });
        HelpWithExamples.Add(
            command,
            "sensor-gateway explain --rules rules/ payload.bin",
            "printf 'GET /?q=%%3Cscript%%3E' | sensor-gateway explain --rules rules/ --json");
        return command;
    }
}
