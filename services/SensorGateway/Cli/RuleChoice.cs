using System.CommandLine;
using SensorGateway.Hosting;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;

namespace SensorGateway.Cli;

/// <summary>The options of verbs that look at rules: named one by one, or those of a configuration.</summary>
internal sealed class RuleChoice
{
    private readonly Option<string[]> _rules = CommonOptions.Rules();
    private readonly Option<string[]> _hashes = CommonOptions.Hashes();
    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "Configuration file whose rules and hash lists are meant, in place of --rules and --hashes.",
        HelpName = "FILE",
    };

    /// <summary>Gives a verb these options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_rules);
        command.Options.Add(_hashes);
        command.Options.Add(_config);
    }

    /// <summary>Loads what was chosen, and how the gateway would check payloads with it.</summary>
    /// <exception cref="CommandException">Nothing was chosen, or two things, or it does not load.</exception>
    public (RuleSet Rules, DetectionOptions Detection) Load(CliConsole console, ParseResult parsed)
    {
        var (rules, hashes) = (parsed.GetValue(_rules) ?? [], parsed.GetValue(_hashes) ?? []);
        if (parsed.GetValue(_config) is not { } file)
        {
            return rules.Length + hashes.Length > 0
                ? (RuleInput.LoadNamed(console, rules, hashes).Rules, new DetectionOptions())
                : throw new CommandException(
                    ExitCodes.Usage,
                    "No rules are named; add --rules PATH, such as --rules rules/, or -c gateway.yaml for those of a "
                        + "configuration.");
        }

        if (rules.Length + hashes.Length > 0)
        {
            throw new CommandException(
                ExitCodes.Usage, $"Rules are named twice, by {(rules.Length > 0 ? "--rules" : "--hashes")} and by --config; leave one out.");
        }

        var config = RuleInput.LoadConfig(console, file, []);
        return (
            RuleInput.LoadRules(console, config.Rules.Paths, config.Rules.Hashes, config.BaseDirectory),
            config.ToOptions().Detection);
    }
}
