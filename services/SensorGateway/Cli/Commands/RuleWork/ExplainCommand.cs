using System.CommandLine;
using System.Text.Json;
using SensorGateway.Cli.Explaining;
using SensorGateway.Cli.Payloads;

namespace SensorGateway.Cli.Commands.RuleWork;

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
        var rules = new RuleChoice();
        var json = CommonOptions.Json();
        var command = new Command(
            "explain", "Shows for one payload which rules match, where, which stage decided, and what nearly matched.")
        {
            file, json,
        };
        rules.AddTo(command);
        command.SetAction(parsed =>
        {
            var console = CliConsole.Of(parsed);
            var (set, detection) = rules.Load(console, parsed);
            var report = Explain.Run(set, detection, PayloadFile.ReadOne(parsed.GetValue(file)!));
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
            "sensor-gateway explain -c gateway.yaml payload.bin",
            "printf 'GET /?q=%%3Cscript%%3E' | sensor-gateway explain --rules rules/ --json");
        return command;
    }
}
