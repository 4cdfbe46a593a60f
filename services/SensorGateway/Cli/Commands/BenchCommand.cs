using System.CommandLine;
using SensorGateway.Cli.Benching;
using SensorGateway.Cli.Payloads;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing.Drivers;

namespace SensorGateway.Cli.Commands;

/// <summary><c>bench detect|publish|host</c>.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var command = new Command("bench", "Measures the engine, the way to NATS, or this machine.")
        {
            CreateDetect(), CreatePublish(), CreateHost(),
        };
        HelpWithExamples.Add(command, "sensor-gateway bench detect --rules rules/ --payloads capture.frames");
        return command;
    }

    private static Command CreateDetect()
    {
        var rules = CommonOptions.Rules();
        var hashes = CommonOptions.Hashes();
        var payloads = new Option<string>("--payloads", "-p")
        {
            Description = "File of payloads.",
            HelpName = "FRAMES",
            Required = true,
        };
        var format = new Option<PayloadFormat?>("--format")
        {
            Description = "How payloads lie in the file; by its name unless told.",
            HelpName = "frames|lines|ndjson",
        };
        var passes = PassesOption(7);
        var cache = new Option<bool>("--cache") { Description = "Leave the verdict cache on, as the gateway does." };
        var json = CommonOptions.Json();
        var command = new Command(
            "detect", "Nanoseconds per payload of your rules on your payloads; one thread, medians of several passes.")
        {
            rules, hashes, payloads, format, passes, cache, json,
        };
        command.SetAction(parsed =>
        {
            var console = CliConsole.Of(parsed);
            var (set, took) = RuleInput.LoadNamed(console, parsed.GetValue(rules) ?? [], parsed.GetValue(hashes) ?? []);
            var file = PayloadFile.ReadAll(parsed.GetValue(payloads)!, parsed.GetValue(format));
            var result = new DetectBench(console, set, took, file, parsed.GetValue(cache)).Run(parsed.GetValue(passes));
            BenchPrinter.Print(console, result, BenchJson.Default.DetectResult, parsed.GetValue(json));
        });
        HelpWithExamples.Add(command, "sensor-gateway bench detect --rules rules/ --payloads capture.frames --json");
        return command;
    }

    private static Command CreatePublish()
    {
        var nats = CommonOptions.NatsUrl();
        var size = IntegerOption("--size", "Bytes of each alert.", 128, 1, 512 * 1024);
        var count = IntegerOption("--count", "Alerts to send.", 1_000_000, 1, int.MaxValue);
        var connections = IntegerOption("--connections", "Connections to NATS.", 4, 1, 8);
        var sensors = IntegerOption(
            "--sensors", "Sensors the alerts come from; each stays on one connection.", 64, 1, 10_000);
        var rate = IntegerOption(
            "--rate", "Alerts a second, with times taken from the intended moment; 0 sends as fast as it goes.", 0, 0,
            10_000_000);
        var window = IntegerOption(
            "--window", "Microseconds an alert may wait for company (publishing.batch.max_window).", 0, 0, 10_000);
        var subject = new Option<string>("--subject")
        {
            Description = "Subject to publish on.",
            DefaultValueFactory = static _ => "bench.alerts",
        };
        var delivery = new Option<NatsDelivery>("--delivery")
        {
            Description = "When an alert counts as delivered.",
            HelpName = "core|fenced|jetstream",
            DefaultValueFactory = static _ => NatsDelivery.Fenced,
        };
        var driver = new Option<string>("--driver")
        {
            Description = "Client that carries the alerts; nats-client only in builds with UpstreamPackages=true.",
            HelpName = "wire|nats-client",
            DefaultValueFactory = static _ => "wire",
        };
        driver.AcceptOnlyFromAmong("wire", "nats-client");
        var json = CommonOptions.Json();
        var tls = new TlsInput();
        var command = new Command(
            "publish",
            "Alerts per second to a NATS server through the gateway's own publishing path, beside the ceiling: one raw "
                + "socket that sends frames made beforehand, in turn with it.")
        {
            nats, size, count, connections, sensors, rate, window, subject, delivery, driver, json,
        };
        tls.AddTo(command);
        command.SetAction((parsed, cancel) =>
        {
            var console = CliConsole.Of(parsed);
            var request = new PublishBenchRequest
            {
                Server = NatsInput.Parse(parsed.GetValue(nats)!),
                SizeBytes = parsed.GetValue(size),
                Count = parsed.GetValue(count),
                Connections = parsed.GetValue(connections),
                Sensors = parsed.GetValue(sensors),
                RatePerSecond = parsed.GetValue(rate),
                BatchWindow = TimeSpan.FromMicroseconds(parsed.GetValue(window)),
                Subject = parsed.GetValue(subject)!,
                Delivery = parsed.GetValue(delivery),
                Driver = parsed.GetValue(driver) == "wire" ? PublishDriver.Wire : PublishDriver.NatsClient,
                Tls = tls.Read(parsed),
            };
            var result = PublishBench.Run(console, request, cancel);
            BenchPrinter.Print(console, result, BenchJson.Default.PublishResult, parsed.GetValue(json));
            return Task.FromResult(ExitCodes.Success);
        });
        HelpWithExamples.Add(
            command,
            "sensor-gateway bench publish --nats nats://127.0.0.1:4222 --size 128 --count 1000000 --delivery fenced "
                + "--json",
            "sensor-gateway bench publish --nats tls://nats.example:4222 --tls-ca ca.pem --delivery jetstream");
        return command;
    }

    private static Command CreateHost()
    {
        var json = CommonOptions.Json();
        var command = new Command(
            "host", "What this machine can do: clock, thread wake-ups, system calls, memory, SHA-256.") { json };
        command.SetAction(parsed =>
        {
            var console = CliConsole.Of(parsed);
            BenchPrinter.Print(console, HostBench.Run(console), BenchJson.Default.HostResult, parsed.GetValue(json));
        });
        HelpWithExamples.Add(command, "sensor-gateway bench host");
        return command;
    }

    private static Option<int> PassesOption(int standard) =>
        IntegerOption("--passes", "Passes to take medians over.", standard, 1, 1000);

    private static Option<int> IntegerOption(string name, string description, int standard, int min, int max)
    {
        var option = new Option<int>(name)
        {
            Description = $"{description} {min} to {max}.",
            HelpName = "N",
            DefaultValueFactory = _ => standard,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && (!int.TryParse(result.Tokens[0].Value, out var value) || value < min || value > max))
            {
                result.AddError($"{name} is {result.Tokens[0].Value}; use {min} to {max}");
            }
        });
        return option;
    }
}
