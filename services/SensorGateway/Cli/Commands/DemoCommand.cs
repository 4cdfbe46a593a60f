using System.CommandLine;
using SensorGateway.Cli.Demo;

namespace SensorGateway.Cli.Commands;

/// <summary><c>demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var nats = new Option<string?>("--nats")
        {
            Description = "Use this NATS server; otherwise one is started, or found on the usual port.",
            HelpName = "URL",
        };
        var seconds = new Option<int>("--seconds")
        {
            Description = "How long to send traffic, 1 to 600.",
            HelpName = "N",
            DefaultValueFactory = static _ => 10,
        };
        var rate = new Option<int>("--rate")
        {
            Description = "Payloads a second, 1 to 100000.",
            HelpName = "N",
            DefaultValueFactory = static _ => 1000,
        };
        var command = new Command(
            "demo",
            "Shows the gateway at work with bundled rules and traffic; needs no configuration and ends by itself.")
        {
            nats, seconds, rate,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var console = CliConsole.Of(parsed);
            var rules = RuleInput.LoadRules(console, ["rules/"], [], AppContext.BaseDirectory);
            using var server = NatsForDemo.Find(parsed.GetValue(nats));
            if (server is null)
            {
                await console.Error.WriteLineAsync(
                    "No nats-server is on PATH and none answers on 127.0.0.1:4222, so alerts are shown on the console "
                        + "only; apt-get install nats-server for the whole demo.").ConfigureAwait(false);
                OfflineDemo.Run(console, rules);
                return ExitCodes.Success;
            }

            return await new DemoRun(
                console,
                server,
                rules,
                Math.Clamp(parsed.GetValue(seconds), 1, 600),
                Math.Clamp(parsed.GetValue(rate), 1, 100_000)).RunAsync(cancel).ConfigureAwait(false);
        });
        HelpWithExamples.Add(command, "sensor-gateway demo", "sensor-gateway demo --seconds 20 --rate 5000");
        return command;
    }
}
