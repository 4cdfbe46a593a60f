using System.CommandLine;
using SensorGateway.Cli.Spooling;
using SensorGateway.Configuration;
using SensorGateway.Hosting;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Spooling;

namespace SensorGateway.Cli.Commands;

/// <summary><c>spool list</c>, <c>spool verify</c> and <c>spool drain</c>.</summary>
internal static class SpoolCommand
{
    // A drain has nothing to be polite to: no live alerts wait beside it.
    private const int DrainPerSecond = 1_000_000;

    public static Command Create()
    {
        var command = new Command("spool", "Looks after alerts that a gateway stored on disk.")
        {
            CreateList(), CreateVerify(), CreateDrain(),
        };
        HelpWithExamples.Add(command, "sensor-gateway spool verify -c gateway.yaml");
        return command;
    }

    private static Command CreateList()
    {
        var command = new Command("list", "Lists the files of a spool; also while a gateway works with it.");
        AddLook(command, soundFilesToo: true, exitsByVerdict: false);
        HelpWithExamples.Add(command, "sensor-gateway spool list -c gateway.yaml", "sensor-gateway spool list --path spool/ --json");
        return command;
    }

    private static Command CreateVerify()
    {
        var command = new Command("verify", "Reads every stored alert and its checksum; 1 when something is damaged.");
        AddLook(command, soundFilesToo: false, exitsByVerdict: true);
        HelpWithExamples.Add(command, "sensor-gateway spool verify -c gateway.yaml");
        return command;
    }

    private static void AddLook(Command command, bool soundFilesToo, bool exitsByVerdict)
    {
        var (path, config, set, json) = (Path(), CommonOptions.Config(), CommonOptions.Set(), CommonOptions.Json());
        command.Add(path);
        command.Add(config);
        command.Add(set);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var console = CliConsole.Of(parsed);
            var folder = parsed.GetValue(path) is { } named
                ? System.IO.Path.GetFullPath(named)
                : FolderOf(console, parsed.GetValue(config), parsed.GetValue(set) ?? []).Folder;
            var code = SpoolLook.Print(console, SpoolLook.At(folder), parsed.GetValue(json), soundFilesToo);
            return exitsByVerdict ? code : ExitCodes.Success;
        });
    }

    private static Command CreateDrain()
    {
        var (path, config, set, json) = (Path(), CommonOptions.Config(), CommonOptions.Set(), CommonOptions.Json());
        var nats = new Option<string?>("--nats")
        {
            Description = "NATS server; that of the configuration unless told.",
            HelpName = "URL",
        };
        var command = new Command(
            "drain", "Sends what a stopped gateway left, with the same ids and in order; 4 when NATS does not take it.")
        {
            path, config, set, nats, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            var console = CliConsole.Of(parsed);
            var options = Options(
                console, parsed.GetValue(path), parsed.GetValue(config), parsed.GetValue(set) ?? [], parsed.GetValue(nats));
            return new DrainRun(console, options).RunAsync(parsed.GetValue(json), cancel);
        });
        HelpWithExamples.Add(
            command, "sensor-gateway spool drain -c gateway.yaml",
            "sensor-gateway spool drain --path spool/ --nats nats://127.0.0.1:4222 --json");
        return command;
    }

    private static GatewayOptions Options(CliConsole console, string? path, string? config, string[] sets, string? nats)
    {
        GatewayOptions options;
        if (path is not null && config is null)
        {
            if (nats is null)
            {
                throw new CommandException(ExitCodes.Usage, "Where to? Name a server with --nats, or a configuration with -c.");
            }

            options = new GatewayOptions
            {
                Sources = [],
                Nats = new NatsOptions { Servers = [NatsInput.Parse(nats)], ClientName = "sensor-gateway-drain" },
                Alerts = new AlertOptions { Gateway = "drain" },
            };
        }
        else
        {
            options = RuleInput.LoadConfig(console, config, sets).ToOptions();
            options = nats is null ? options : options with { Nats = options.Nats with { Servers = [NatsInput.Parse(nats)] } };
        }

        var spool = path is not null ? new SpoolOptions { Folder = System.IO.Path.GetFullPath(path) } : options.Spool;
        return options with { Spool = (spool ?? throw NoSpool()) with { ReplayPerSecond = DrainPerSecond } };
    }

    private static SpoolOptions FolderOf(CliConsole console, string? config, string[] sets) =>
        RuleInput.LoadConfig(console, config, sets).Publishing.Spool ?? throw NoSpool();

    private static CommandException NoSpool() => new(
        ExitCodes.BadConfig, "publishing.spool.path is not set: this gateway has no spool; name a folder with --path.");

    private static Option<string?> Path() => new("--path")
    {
        Description = "Folder of the spool; publishing.spool.path of the configuration unless told.",
        HelpName = "FOLDER",
    };
}
