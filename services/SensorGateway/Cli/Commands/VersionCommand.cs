using System.CommandLine;
using System.Reflection;

namespace SensorGateway.Cli.Commands;

/// <summary><c>version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>Version of this build, without the commit.</summary>
    public static string Version { get; } = typeof(VersionCommand).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Command Create()
    {
        var command = new Command("version", "Prints the version of the gateway and of .NET.");
        command.SetAction(parsed =>
            CliConsole.Of(parsed).Out.WriteLine($"sensor-gateway {Version} (.NET {Environment.Version})"));
        HelpWithExamples.Add(command, "sensor-gateway version");
        return command;
    }
}
