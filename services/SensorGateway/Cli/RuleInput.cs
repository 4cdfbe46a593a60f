using System.Diagnostics;
using SensorGateway.Configuration.Loading;
using SensorGateway.Configuration.Model;
using SensorGateway.Hosting;
using SensorGateway.Hosting.Reloading;
using SensorGateway.Rules;
using SensorGateway.Rules.Model;

namespace SensorGateway.Cli;

/// <summary>Loads configuration and rules for the verbs; complains on stderr like a compiler.</summary>
internal static class RuleInput
{
    /// <summary>The configuration, or every problem on stderr and exit code 3.</summary>
    public static GatewayConfig LoadConfig(CliConsole console, string? path, string[] sets) =>
        LoadConfig(console, new ConfigSource(path ?? CommonOptions.DefaultConfigFile, sets)).Config!;

    /// <summary>The same with the origin of each value.</summary>
    public static ConfigLoadResult LoadConfig(CliConsole console, ConfigSource source)
    {
        var loaded = source.Load();
        if (loaded.Config is not null)
        {
            return loaded;
        }

        foreach (var problem in loaded.Problems)
        {
            console.Error.WriteLine(problem);
        }

        throw new CommandException(
            ExitCodes.BadConfig, Count(loaded.Problems.Length, "problem") + " in the configuration.");
    }

    /// <summary>The rules of a configuration, compiled and proved by their examples; or exit code 2.</summary>
    public static LoadedGeneration LoadGeneration(CliConsole console, GatewayConfig config)
    {
        var loaded = GenerationLoader.Load(config.Rules, config.BaseDirectory, config.ToOptions().Detection);
        return loaded.Program is null ? throw Complain(console, loaded.Problems) : loaded;
    }

    /// <summary>The rules, or every problem on stderr and exit code 2.</summary>
    public static RuleSet LoadRules(
        CliConsole console, IEnumerable<string> paths, IEnumerable<string> hashes, string baseDirectory)
    {
        var loaded = RuleLoader.Load(paths, hashes, baseDirectory);
        if (loaded.Rules is { } rules)
        {
            return rules;
        }

        throw Complain(console, loaded.Problems);
    }

    /// <summary>The rules of --rules and --hashes, relative to this folder, and how long they took.</summary>
    public static (RuleSet Rules, TimeSpan Took) LoadNamed(CliConsole console, string[] paths, string[] hashes)
    {
        if (paths.Length == 0 && hashes.Length == 0)
        {
            throw new CommandException(
                ExitCodes.Usage, "No rules are named; add --rules PATH, such as --rules rules/.");
        }

        var from = Stopwatch.GetTimestamp();
        var rules = LoadRules(console, paths, hashes, Environment.CurrentDirectory);
        return (rules, Stopwatch.GetElapsedTime(from));
    }

    private static CommandException Complain(CliConsole console, IReadOnlyCollection<RuleProblem> problems)
    {
        foreach (var problem in problems)
        {
            console.Error.WriteLine(problem);
        }

        return new CommandException(ExitCodes.BadRules, Count(problems.Count, "problem") + " in the rules.");
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
