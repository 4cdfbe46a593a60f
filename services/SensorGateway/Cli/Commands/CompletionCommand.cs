using System.CommandLine;

namespace SensorGateway.Cli.Commands;

/// <summary><c>completion bash</c>.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var bash = new Command("bash", "Prints a script that completes verbs and options in bash.");
        bash.SetAction(parsed => CliConsole.Of(parsed).Out.Write(BashCompletion.ScriptFor(parsed.RootCommandResult.Command)));
        HelpWithExamples.Add(
            bash, "source <(sensor-gateway completion bash)",
            "sensor-gateway completion bash > /etc/bash_completion.d/sensor-gateway");
        var command = new Command("completion", "Completion of commands in a shell.") { bash };
        HelpWithExamples.Add(command, "source <(sensor-gateway completion bash)");
        return command;
    }
}
