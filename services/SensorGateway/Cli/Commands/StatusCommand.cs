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
            Description = "Where the gateway serves its telemetry; http://127.0.0.1:9464 unless told.",
            HelpName = "URL",
        };
        var config = new Option<string?>("--config", "-c")
        {
            Description = "Take the address from this configuration file.",
            HelpName = "FILE",
        };
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var command = new Command(
            "status", "Shows what a running gateway has done; 1 when it does not answer or is not ready.")
        {
            url, config, set, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var console = CliConsole.Of(parsed);
            var address = parsed.GetValue(url) ?? (parsed.GetValue(config) is { } file
                ? $"http://{RuleInput.LoadConfig(console, file, parsed.GetValue(set) ?? []).TelemetryListen}"
                : "http://127.0.0.1:9464");
            var text = await FetchAsync(address, cancel).ConfigureAwait(false);
            var report = Parse(text, address);
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
            command, "sensor-gateway status", "sensor-gateway status --url http://127.0.0.1:9464 --json");
        return command;
    }

    private static async Task<string> FetchAsync(string address, CancellationToken cancel)
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
            return await client.GetStringAsync(uri, cancel).ConfigureAwait(false);
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
