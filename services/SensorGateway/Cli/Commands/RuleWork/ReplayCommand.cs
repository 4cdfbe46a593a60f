using System.CommandLine;
using SensorGateway.Cli.Payloads;
using SensorGateway.Cli.Replaying;

namespace SensorGateway.Cli.Commands.RuleWork;

/// <summary><c>replay</c>.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FRAMES") { Description = "File of payloads; - reads standard input." };
        var rules = CommonOptions.Rules();
        var hashes = CommonOptions.Hashes();
        var format = new Option<PayloadFormat?>("--format")
        {
            Description = "How payloads lie in the file; by its name unless told.",
            HelpName = "frames|lines|ndjson",
        };
        var failOnAlert = new Option<bool>("--fail-on-alert") { Description = "Exit with 1 when any payload matched." };
        var json = CommonOptions.Json();
        var command = new Command("replay", "Checks every payload of a file with the gateway's own engine, offline.")
        {
            file, rules, hashes, format, failOnAlert, json,
        };
        command.SetAction(parsed =>
        {
            var console = CliConsole.Of(parsed);
            var (set, _) = RuleInput.LoadNamed(console, parsed.GetValue(rules) ?? [], parsed.GetValue(hashes) ?? []);
            var payloads = PayloadFile.ReadAll(parsed.GetValue(file)!, parsed.GetValue(format));
            var matched = new Replay(console, set).Run(payloads, parsed.GetValue(json));
            return matched > 0 && parsed.GetValue(failOnAlert) ? ExitCodes.Negative : ExitCodes.Success;
        });
        HelpWithExamples.Add(
            command,
            "sensor-gateway replay --rules rules/ capture.frames",
            "printf 'GET /?q=<script>alert(1)</script>\\n' | sensor-gateway replay --rules rules/ --format lines "
                + "--json -");
        return command;
    }
}
