using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using SensorGateway.Configuration.Model;
using SensorGateway.Hosting.Logging;
using SensorGateway.Hosting.Metrics;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Profiling.Sessions;
using SensorGateway.Rules.Model;

namespace SensorGateway.Hosting;

/// <summary>A gateway as a process: started, watched, drained at the end.</summary>
internal sealed partial class GatewayHost(GatewayConfig config, RuleSet rules)
{
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadinessInterval = TimeSpan.FromMilliseconds(250);

    // About a thousand runs cost as much as compiling.
    private const long RunsBeforeCompiling = 1_000;

    /// <summary>Runs until cancelled or a worker dies.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">It cannot start.</exception>
    public async Task<int> RunAsync(TextWriter logOutput, CancellationToken stop)
    {
        var from = Stopwatch.GetTimestamp();
        using var writer = new LogWriter(logOutput);
        using var logs = LineLoggerProvider.CreateFactory(writer, config.Log.Level, config.Log.IsJson);
        var log = logs.CreateLogger("SensorGateway.Hosting");
        if (config.Threads.NeverPark && Environment.ProcessorCount <= 2)
        {
            HostingLog.SpinRefused(log, Environment.ProcessorCount);
        }

        using var gateway = Create(logs);
        var snapshots = new SnapshotCache(gateway.Snapshot);
        var telemetry = await TelemetryServer.StartAsync(
            config.TelemetryListen, config.Name, snapshots).ConfigureAwait(false);
        await using (telemetry.ConfigureAwait(false))
        {
            ProfileEvents.Enable();
            using var meter = new GatewayMeter(snapshots.Recent);
            Start(gateway);
            Announce(log, gateway, telemetry, Stopwatch.GetElapsedTime(from));
            await WatchAsync(log, gateway, stop).ConfigureAwait(false);
            return await StopAsync(log, gateway).ConfigureAwait(false);
        }
    }

    private Gateway Create(ILoggerFactory logs)
    {
        try
        {
            return new Gateway(config.ToOptions(), rules, logs);
        }
        catch (InvalidOperationException problem)
        {
            throw new CommandException(ExitCodes.BadConfig, $"{problem.Message}.");
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
            config.Name,
            ProgramVersion.Text,
            config.Profile,
            snapshot.RuleCount,
            snapshot.HashCount,
            (long)took.TotalMilliseconds);
        var publishing = config.Publishing;
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

            gateway.Program.TuneRegexes(RunsBeforeCompiling);
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
