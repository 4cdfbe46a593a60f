using System.CommandLine;
using System.Text.Json;
using SensorGateway.Configuration;
using SensorGateway.Hosting.Status;

namespace SensorGateway.Cli.Commands;

/// <summary><c>status</c>.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = new Option<string?>("--url")
        {
            Description = "Where the gateway serves its telemetry; without a configuration file http://127.0.0.1:9464 unless told.",
            HelpName = "URL",
        };
        var socket = CommonOptions.Socket();
        var config = new Option<string?>("--config", "-c")
        {
            Description = "Take control.socket, or else the address, from this configuration file; gateway.yaml unless told, "
                + "where there is one.",
            HelpName = "FILE",
        };
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var command = new Command(
            "status", "Shows what a running gateway has done; 1 when it does not answer or is not ready.")
        {
            url, socket, config, set, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var console = CliConsole.Of(parsed);
            var address = parsed.GetValue(url);
            var changes = parsed.GetValue(set) ?? [];
            var file = parsed.GetValue(config) ?? (File.Exists(CommonOptions.DefaultConfigFile) ? CommonOptions.DefaultConfigFile : null);
            var control = parsed.GetValue(socket)
                ?? (file is not null && address is null ? Existing(ControlClient.PathFor(file, changes)) : null);
            var (report, text) = control is not null
                ? await AskAsync(control, cancel).ConfigureAwait(false)
                : await FetchAsync(
                    address ?? (file is not null
                        ? $"http://{RuleInput.LoadConfig(console, file, changes).TelemetryListen}"
                        : "http://127.0.0.1:9464"),
                    cancel).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                await console.Out.WriteAsync(text).ConfigureAwait(false);
            }
            else
            {
                StatusPrinter.Print(console, report);
            }

            return report.Ready ? ExitCodes.Success : ExitCodes.Negative;
        });
        HelpWithExamples.Add(
            command, "sensor-gateway status", "sensor-gateway status -c gateway.yaml",
            "sensor-gateway status --url http://127.0.0.1:9464 --json");
        return command;
    }

    /// <summary>The path, or null when no gateway has made its socket there: then HTTP may still answer.</summary>
    private static string? Existing(string path) => Path.Exists(path) ? path : null;

    private static async Task<(StatusReport Report, string Text)> AskAsync(string path, CancellationToken cancel)
    {
        var answer = await ControlClient.AskAsync(path, """{"command":"status"}""", cancel).ConfigureAwait(false);
        if (answer.Status is not { } report)
        {
            throw new CommandException(ExitCodes.Negative, $"{path}: {Printable.Whole(answer.Error ?? "no status")}.");
        }

        return (report, JsonSerializer.Serialize(report, StatusJson.Default.StatusReport) + "\n");
    }

    private static async Task<(StatusReport Report, string Text)> FetchAsync(string address, CancellationToken cancel)
    {
        if (!Uri.TryCreate(new Uri("http://invalid"), address.TrimEnd('/') + "/status", out var uri)
            || uri.Host == "invalid")
        {
            throw new CommandException(
                ExitCodes.Usage, $"--url is {Printable.Quote(address)}; write it like http://127.0.0.1:9464.");
        }

        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            var text = await client.GetStringAsync(uri, cancel).ConfigureAwait(false);
            return (Parse(text, address), text);
        }
        catch (Exception failure) when (
            failure is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            throw new CommandException(
                ExitCodes.Negative,
                $"{uri}: no gateway answers ({failure.GetBaseException().Message}); start one with sensor-gateway "
                    + $"run, or name its telemetry.listen with --url.");
        }
    }

    private static StatusReport Parse(string text, string address)
    {
        try
        {
            return JsonSerializer.Deserialize(text, StatusJson.Default.StatusReport)!;
        }
        catch (JsonException)
        {
            throw new CommandException(
                ExitCodes.Negative,
                $"{address}: answers, but is no sensor-gateway of this version; check the address.");
        }
    }
}
