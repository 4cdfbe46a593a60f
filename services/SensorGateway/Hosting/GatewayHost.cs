using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using SensorGateway.Configuration.Loading;
using SensorGateway.Configuration.Model;
using SensorGateway.Hosting.Control;
using SensorGateway.Hosting.Logging;
using SensorGateway.Hosting.Metrics;
using SensorGateway.Hosting.Reloading;
using SensorGateway.Hosting.Status;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Profiling.Sessions;

namespace SensorGateway.Hosting;

/// <summary>A gateway as a process: started, watched, drained at the end.</summary>
/// <param name="source">Where the configuration came from; read again at a reload.</param>
/// <param name="loaded">The configuration, without problems.</param>
/// <param name="rules">The first generation of rules, without problems.</param>
internal sealed partial class GatewayHost(ConfigSource source, ConfigLoadResult loaded, LoadedGeneration rules)
{
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadinessInterval = TimeSpan.FromMilliseconds(250);

    private readonly GatewayConfig _config = loaded.Config!;

    /// <summary>Runs until cancelled or a worker dies.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">It cannot start.</exception>
    public async Task<int> RunAsync(TextWriter logOutput, CancellationToken stop)
    {
        var from = Stopwatch.GetTimestamp();
        using var signals = new StopSignals(stop);
        using var writer = new LogWriter(logOutput);
        var logLevel = new LogLevelSwitch(_config.Log.Level);
        using var logs = LineLoggerProvider.CreateFactory(writer, logLevel, _config.Log.IsJson);
        var log = logs.CreateLogger("SensorGateway.Hosting");
        if (_config.Threads.NeverPark && Environment.ProcessorCount <= 2)
        {
            HostingLog.SpinRefused(log, Environment.ProcessorCount);
        }

        var warnings = new RuleWarnings(log);
        warnings.Say(rules.Warnings);
        using var controlSocket = OpenControlSocket(log);
        using var gateway = Create(logs);
        ReloadService? reloads = null;
        var snapshots = new SnapshotCache(() => gateway.Snapshot() with { Reloads = reloads?.Snapshot ?? new() });
        var telemetry = await TelemetryServer.StartAsync(
            _config.TelemetryListen, _config.Name, snapshots).ConfigureAwait(false);
        await using (telemetry.ConfigureAwait(false))
        {
            ProfileEvents.Enable();
            using var meter = new GatewayMeter(snapshots.Recent);
            Start(gateway);
            using (reloads = new ReloadService(gateway, source, loaded, rules.Files, logLevel, warnings, log))
            {
                Announce(log, gateway, telemetry, Stopwatch.GetElapsedTime(from));
                var control = new ControlServer(
                    controlSocket,
                    () => StatusBuilder.Build(_config.Name, snapshots.Recent(), DateTimeOffset.UtcNow),
                    reloads.Request,
                    log);
                await using (control.ConfigureAwait(false))
                {
                    await WatchAsync(log, gateway, signals.Token).ConfigureAwait(false);
                }
            }

            return await StopAsync(log, gateway).ConfigureAwait(false);
        }
    }

    /// <summary>The socket for control; null when nobody asked for it and it cannot be had.</summary>
    private ControlSocket? OpenControlSocket(ILogger log)
    {
        try
        {
            return ControlSocket.Open(_config.ControlSocket);
        }
        catch (ControlSocketException problem) when (
            !problem.IsInUse && loaded.Settings.Find("control.socket")!.Origin == "default")
        {
            ReloadLog.NoControlSocket(log, problem.Message.TrimEnd('.'));
            return null;
        }
    }

    private Gateway Create(ILoggerFactory logs)
    {
        try
        {
            return new Gateway(_config.ToOptions(), rules.Program!, logs);
        }
        catch (InvalidOperationException problem)
        {
            throw new CommandException(ExitCodes.BadConfig, $"{problem.Message}.");
        }
        catch (SpoolException problem)
        {
            throw new CommandException(ExitCodes.BadEnvironment, $"publishing.spool.path: {problem.Message}.");
        }
    }

    private static void Start(Gateway gateway)
    {
        try
        {
            gateway.Start();
        }
        catch (SourceStartException problem)
        {
            throw new CommandException(ExitCodes.BadEnvironment, problem.Message);
        }
    }

    private void Announce(ILogger log, Gateway gateway, TelemetryServer telemetry, TimeSpan took)
    {
        var snapshot = gateway.Snapshot();
        HostingLog.Started(
            log,
            _config.Name,
            ProgramVersion.Text,
            _config.Profile,
            snapshot.RuleCount,
            snapshot.HashCount,
            (long)took.TotalMilliseconds);
        var publishing = _config.Publishing;
        HostingLog.Publishing(
            log,
            string.Join(", ", publishing.Servers),
            publishing.Subject,
            publishing.Delivery.ToString().ToLowerInvariant(),
            publishing.Servers[0].ToString(),
            Variable().Replace(publishing.Subject, "*"));
        HostingLog.Telemetry(log, telemetry.Url);
    }

    /// <summary>Says when the gateway becomes ready or stops being so, until it shall end.</summary>
    private static async Task WatchAsync(ILogger log, Gateway gateway, CancellationToken stop)
    {
        var stopped = Task.Delay(Timeout.Infinite, stop);
        bool? wasReady = null;
        HashSet<string> quarantined = [];
        var since = Stopwatch.GetTimestamp();
        while (!stop.IsCancellationRequested && !gateway.Fault.IsCompleted)
        {
            var snapshot = gateway.Snapshot();
            snapshot.QuarantinedRules.Where(quarantined.Add).ToList().ForEach(rule => HostingLog.Quarantined(log, rule));
            quarantined.IntersectWith(snapshot.QuarantinedRules); // Loaded again, a rule may be quarantined again.
            var reason = Readiness.Of(snapshot);
            var isReady = reason is null;
            if (isReady && wasReady != true)
            {
                HostingLog.Ready(log);
                wasReady = true;
            }
            else if (
                !isReady
                && wasReady != false
                && (wasReady == true || Stopwatch.GetElapsedTime(since) > ReadinessInterval))
            {
                HostingLog.NotReady(log, reason!);
                wasReady = false;
            }

            await Task.WhenAny(
                stopped, gateway.Fault, Task.Delay(ReadinessInterval, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    private static async Task<int> StopAsync(ILogger log, Gateway gateway)
    {
        HostingLog.Stopping(log, DrainMax.TotalSeconds);
        var last = await gateway.StopAsync(DrainMax).ConfigureAwait(false);
        HostingLog.Stopped(
            log,
            last.Received,
            last.PayloadsClean,
            last.Alerted,
            last.Rejected,
            last.Dropped,
            last.AlertsConfirmed,
            last.AlertsSentUnconfirmed,
            last.AlertsUnconfirmed,
            last.AlertsSpooled,
            last.SpoolRecovered,
            last.AlertsDroppedTotal,
            last.AlertsSuppressed,
            last.Summaries);
        if (!gateway.Fault.IsCompleted)
        {
            return ExitCodes.Success;
        }

        var fault = await gateway.Fault.ConfigureAwait(false);
        HostingLog.WorkerDied(log, fault.Role, fault.Exception.Message);
        return ExitCodes.WorkerDied;
    }

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Variable();
}
