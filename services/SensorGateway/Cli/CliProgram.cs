using System.CommandLine;
using System.CommandLine.Parsing;
using SensorGateway.Cli.Commands;
using SensorGateway.Cli.Commands.RuleWork;

namespace SensorGateway.Cli;

/// <summary>The command line: one verb, one file in Commands.</summary>
internal static class CliProgram
{
    /// <summary>
    /// Longest time for a command to end by itself after SIGINT or SIGTERM. A gateway takes up to 1 s for each busy source,
    /// 5 s to drain and 10 s for a disk that hangs.
    /// </summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Runs one command line and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var parsed = CreateRoot().Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
        {
            foreach (var problem in parsed.Errors)
            {
                await error.WriteLineAsync(
                    $"sensor-gateway: {problem.Message.TrimEnd('.')}; see {NameOf(parsed)} --help.")
                    .ConfigureAwait(false);
            }

            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TerminationTimeout,
            }).ConfigureAwait(false);
        }
        catch (CommandException problem)
        {
            await error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return problem.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Success; // Ctrl+C ends tail and the benches; that is how they are ended.
        }
    }

    /// <summary>All verbs.</summary>
    internal static RootCommand CreateRoot()
    {
        var root = new RootCommand("Checks sensor payloads against detection rules and publishes alerts to NATS.")
        {
            RunCommand.Create(),
            DemoCommand.Create(),
            CheckCommand.Create(),
            TestCommand.Create(),
            ReplayCommand.Create(),
            ExplainCommand.Create(),
            RulesCommand.Create(),
            BenchCommand.Create(),
            TailCommand.Create(),
            StatusCommand.Create(),
            ReloadCommand.Create(),
            SpoolCommand.Create(),
            FlamegraphCommand.Create(),
            ConfigCommand.Create(),
            MetricsCommand.Create(),
            CompletionCommand.Create(),
            VersionCommand.Create(),
        };
        HelpWithExamples.Install(root, "sensor-gateway demo", "sensor-gateway run -c gateway.yaml");
        return root;
    }

    private static string NameOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            names.Insert(0, result.Command is RootCommand ? "sensor-gateway" : result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
