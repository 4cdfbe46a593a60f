using System.CommandLine;
using System.Text.Json;
using SensorGateway.Configuration;
using SensorGateway.Hosting.Reloading;

namespace SensorGateway.Cli.Commands;

/// <summary><c>reload</c>.</summary>
internal static class ReloadCommand
{
    public static Command Create()
    {
        var wait = new Option<bool>("--wait") { Description = "Wait for the outcome; 1 when the reload was refused." };
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var socket = CommonOptions.Socket();
        var json = CommonOptions.Json();
        var command = new Command(
            "reload",
            "Makes a running gateway read its rules and configuration again; when anything is wrong with them, it goes on "
                + "with those before.")
        {
            wait, config, set, socket, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var console = CliConsole.Of(parsed);
            var path = parsed.GetValue(socket) ?? ControlClient.PathFor(
                parsed.GetValue(config) ?? CommonOptions.DefaultConfigFile, parsed.GetValue(set) ?? []);
            var waits = parsed.GetValue(wait);
            var request = waits ? """{"command":"reload","wait":true}""" : """{"command":"reload"}""";
            var answer = await ControlClient.AskAsync(path, request, cancel).ConfigureAwait(false);
            if (!answer.Ok || (waits && answer.Reload is null))
            {
                throw new CommandException(ExitCodes.Negative, $"{path}: {Printable.Whole(answer.Error ?? "no outcome")}.");
            }

            if (!waits)
            {
                await console.Out.WriteLineAsync(
                    parsed.GetValue(json) ? """{"accepted":true}""" : "Accepted; the outcome is in the log and in status.")
                    .ConfigureAwait(false);
                return ExitCodes.Success;
            }

            Print(console, answer.Reload!, parsed.GetValue(json));
            return answer.Reload!.Ok ? ExitCodes.Success : ExitCodes.Negative;
        });
        HelpWithExamples.Add(
            command, "sensor-gateway reload --wait -c gateway.yaml",
            "sensor-gateway reload --wait --json --socket /run/sensor-gateway/control.sock");
        return command;
    }

    private static void Print(CliConsole console, ReloadOutcome outcome, bool json)
    {
        if (json)
        {
            console.Out.WriteLine(JsonSerializer.Serialize(outcome, ReloadJson.Default.ReloadOutcome));
            return;
        }

        foreach (var problem in outcome.Problems)
        {
            console.Error.WriteLine(Printable.Whole(problem));
        }

        var work = $"{outcome.Rules} rules and {outcome.Hashes} hashes at work, generation {outcome.Generation}";
        console.Out.WriteLine(outcome.Ok
            ? $"Reloaded in {outcome.TookMs:0} ms: {work}."
            : $"Refused, the rules before go on working: {work}.");
        if (outcome.Applied.Count > 0)
        {
            console.Out.WriteLine($"Changed: {Printable.Whole(string.Join(", ", outcome.Applied))}.");
        }

        foreach (var key in outcome.NeedsRestart)
        {
            console.Out.WriteLine($"{Printable.Whole(key)} needs a restart; the old value stays in use.");
        }
    }
}
