using System.CommandLine;
using System.Text;
using SensorGateway.Configuration.Loading;
using SensorGateway.Configuration.Printing;

namespace SensorGateway.Cli.Commands;

/// <summary><c>config show</c> and <c>config schema</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create() => new("config", "Shows the configuration and its schema.") { CreateShow(), CreateSchema() };

    private static Command CreateShow()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var command = new Command("show", "Prints every effective value with its origin; secrets are masked. The output loads again.") { config, set };
        command.SetAction(parsed =>
        {
            var console = CliConsole.Of(parsed);
            var loaded = ConfigLoader.LoadFile(
                parsed.GetValue(config) ?? CommonOptions.DefaultConfigFile, parsed.GetValue(set) ?? []);
            foreach (var problem in loaded.Problems)
            {
                console.Error.WriteLine(problem);
            }

            if (loaded.Config is null)
            {
                return ExitCodes.BadConfig;
            }

            ConfigShow.Write(loaded, console.Out);
            return ExitCodes.Success;
        });
        HelpWithExamples.Add(command, "sensor-gateway config show -c gateway.yaml --set ring.slots=8192");
        return command;
    }

    private static Command CreateSchema()
    {
        var command = new Command("schema", "Prints a JSON Schema of the configuration, for editors.");
        command.SetAction(parsed =>
        {
            using var bytes = new MemoryStream();
            ConfigJsonSchema.Write(bytes);
            CliConsole.Of(parsed).Out.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
        });
        HelpWithExamples.Add(command, "sensor-gateway config schema > gateway.schema.json");
        return command;
    }
}
