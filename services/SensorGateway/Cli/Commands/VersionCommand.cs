using System.CommandLine;

namespace SensorGateway.Cli.Commands;

/// <summary><c>version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Prints the version of the gateway and of .NET.");
        command.SetAction(parsed =>
            CliConsole.Of(parsed).Out.WriteLine($"sensor-gateway {ProgramVersion.Text} (.NET {Environment.Version})"));
        HelpWithExamples.Add(command, "sensor-gateway version");
        return command;
    }
}
