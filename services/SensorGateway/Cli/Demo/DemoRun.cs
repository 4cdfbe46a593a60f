using System.Diagnostics;
using System.Net;
using SensorGateway.Configuration.Loading;
using SensorGateway.Configuration.Model;
using SensorGateway.Hosting;
using SensorGateway.Hosting.Logging;
using SensorGateway.Hosting.Metrics;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Rules.Model;

namespace SensorGateway.Cli.Demo;

/// <summary>A whole gateway on loopback with traffic through a real socket and alerts from a real NATS server.</summary>
internal sealed class DemoRun(CliConsole console, NatsForDemo nats, RuleSet rules, int seconds, int ratePerSecond)
{
    private const string Subject = "demo.alerts.{severity}.{sensor}";
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(5);

    /// <summary>Runs it; ends by itself.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var from = Stopwatch.GetTimestamp();
        var config = MakeConfig();
        using var writer = new LogWriter(console.Error);
        using var logs = LineLoggerProvider.CreateFactory(writer, "warn", json: false);
        using var gateway = new Gateway(config.ToOptions(), rules, logs);
        var snapshots = new SnapshotCache(gateway.Snapshot);
        using var meter = new GatewayMeter(snapshots.Recent);
        var telemetry = await TelemetryServer.StartAsync(config.TelemetryListen, config.Name, snapshots).ConfigureAwait(false);
        await using (telemetry.ConfigureAwait(false))
        {
            gateway.Start();
            await WaitUntilReadyAsync(gateway, cancel).ConfigureAwait(false);
            var source = gateway.Snapshot().Sources[0].Endpoint;
            var endpoint = IPEndPoint.Parse(source[(source.LastIndexOf('/') + 1)..]);
            console.Out.WriteLine($"Gateway      {rules.Rules.Length} rules, ready after {Stopwatch.GetElapsedTime(from).TotalMilliseconds:0} ms, listens on {source}");
            console.Out.WriteLine($"Alerts       {Subject} on {nats.Endpoint} ({(nats.IsOurs ? "started for this demo" : "running already")})");
            console.Out.WriteLine($"Watch it     {telemetry.Url}/status  {telemetry.Url}/metrics");
            console.Out.WriteLine($"Traffic      {ratePerSecond} payloads a second for {seconds} s, about 2 % of them malicious");
            console.Out.WriteLine();
            return await PlayAsync(gateway, endpoint, cancel).ConfigureAwait(false);
        }
    }

    private async Task<int> PlayAsync(Gateway gateway, IPEndPoint endpoint, CancellationToken cancel)
    {
        using var watcher = new DemoWatcher(console, nats.Endpoint, "demo.alerts.>");
        using var sender = new DemoSender(endpoint, seconds * ratePerSecond, ratePerSecond);
        watcher.SentAt = sender.SentAt;
        watcher.Start();
        var from = Stopwatch.GetTimestamp();
        var sending = Task.Factory.StartNew(() => sender.Run(cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(sending, gateway.Fault).ConfigureAwait(false);
        var took = Stopwatch.GetElapsedTime(from);
        sender.Dispose();
        var last = await gateway.StopAsync(DrainMax).ConfigureAwait(false);
        watcher.Stop();
        if (gateway.Fault.IsCompleted)
        {
            var fault = await gateway.Fault.ConfigureAwait(false);
            throw new CommandException(ExitCodes.WorkerDied, $"The worker {fault.Role} died: {fault.Exception.Message}");
        }

        await sending.ConfigureAwait(false);
        DemoSummary.Print(console, sender, watcher, last, took);
        return ExitCodes.Success;
    }

    private static async Task WaitUntilReadyAsync(Gateway gateway, CancellationToken cancel)
    {
        var from = Stopwatch.GetTimestamp();
        while (Readiness.Of(gateway.Snapshot()) is { } reason)
        {
            if (Stopwatch.GetElapsedTime(from) > ReadyMax)
            {
                throw new CommandException(ExitCodes.BadEnvironment, $"The gateway did not become ready: {reason}.");
            }

            await Task.Delay(10, cancel).ConfigureAwait(false);
        }
    }

    private GatewayConfig MakeConfig()
    {
        var loaded = ConfigLoader.Load(new ConfigInput
        {
            File = "demo",
            Text = "gateway: { name: demo }\n"
                + "sources: [ { id: sensors, type: tcp, listen: \"127.0.0.1:0\" } ]\n"
                + "telemetry: { listen: \"127.0.0.1:0\" }\n"
                + $"publishing: {{ subject: \"{Subject}\" }}\n",
            BaseDirectory = AppContext.BaseDirectory,
        });
        var config = loaded.Config ?? throw new InvalidOperationException(string.Join('\n', loaded.Problems));
        return config with { Publishing = config.Publishing with { Servers = [nats.Endpoint] } };
    }
}
