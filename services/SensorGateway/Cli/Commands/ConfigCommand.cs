using System.CommandLine;
using System.Text;
using SensorGateway.Configuration;
using SensorGateway.Configuration.Loading;
using SensorGateway.Configuration.Printing;
using SensorGateway.Configuration.Schema;

namespace SensorGateway.Cli.Commands;

/// <summary><c>config show</c> and <c>config schema</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var command = new Command("config", "Shows the configuration, its schema and its reference.")
        {
            CreateShow(), CreateSchema(), CreateReference(),
        };
        HelpWithExamples.Add(command, "sensor-gateway config show -c gateway.yaml");
        return command;
    }

    private static Command CreateShow()
    {
        var config = CommonOptions.Config();
        var set = CommonOptions.Set();
        var profiles = new Option<string[]?>("--diff-profile")
        {
            Description = "Prints instead the keys in which the profiles differ: all of them, or the two named.",
            HelpName = "A B",
            Arity = new ArgumentArity(0, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command(
            "show", "Prints every effective value with its origin; secrets are masked. The output loads again.")
        {
            config, set, profiles,
        };
        command.SetAction(parsed =>
        {
            var console = CliConsole.Of(parsed);
            if (parsed.GetResult(profiles) is not null)
            {
                ProfileDifferences.Write(Named(parsed.GetValue(profiles) ?? []), console.Out);
                return ExitCodes.Success;
            }

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
        HelpWithExamples.Add(
            command,
            "sensor-gateway config show -c gateway.yaml --set ring.slots=8192",
            "sensor-gateway config show --diff-profile",
            "sensor-gateway config show --diff-profile balanced low-resource");
        return command;
    }

    private static IReadOnlyList<string> Named(string[] given)
    {
        if (given.Length == 0)
        {
            return ConfigProfiles.Names;
        }

        var unknown = given.FirstOrDefault(name => !ConfigProfiles.Names.Contains(name));
        return unknown is null && given.Length == 2
            ? given
            : throw new CommandException(
                ExitCodes.Usage,
                unknown is null
                    ? "--diff-profile names one profile; name two, or none for all."
                    : $"--diff-profile: there is no profile {Printable.Quote(unknown)}; use two of "
                        + $"{string.Join(", ", ConfigProfiles.Names)}.");
    }

    private static Command CreateReference()
    {
        var command = new Command("reference", "Prints every key with its bounds, default and a sentence, as Markdown.");
        command.SetAction(parsed => ConfigReference.Write(CliConsole.Of(parsed).Out));
        HelpWithExamples.Add(command, "sensor-gateway config reference > CONFIGURATION.md");
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
