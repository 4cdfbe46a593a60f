using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using SensorGateway.Configuration.Loading;
using SensorGateway.Hosting.Logging;
using SensorGateway.Pipeline.Lanes;

namespace SensorGateway.Hosting.Reloading;

/// <summary>Everything that reloads a running gateway: SIGHUP, the control socket, changed files.</summary>
internal sealed class ReloadService : IDisposable
{
    private static readonly TimeSpan HotLookEvery = TimeSpan.FromSeconds(1);

    private readonly ILogger _log;
    private readonly RuleWatch _watch;
    private readonly ReloadQueue _queue;
    private readonly PosixSignalRegistration _hangUp;
    private volatile ReloadSnapshot _snapshot = new();

    /// <param name="gateway">Runs already.</param>
    /// <param name="source">Where its configuration came from.</param>
    /// <param name="started">What it was started with.</param>
    /// <param name="files">The rule files as they were read for the start.</param>
    /// <param name="logLevel">Turned by <c>log.level</c>.</param>
    /// <param name="warnings">Told of each generation's warnings.</param>
    /// <param name="log">Gets one line for each reload.</param>
    public ReloadService(
        Gateway gateway, ConfigSource source, ConfigLoadResult started, RuleFiles files, LogLevelSwitch logLevel,
        RuleWarnings warnings, ILogger log)
    {
        _log = log;
        _watch = new RuleWatch(() => Request("watch"), log);
        var reloader = new Reloader(gateway, source, started, logLevel, _watch, warnings);
        _queue = new ReloadQueue(trigger => Note(reloader.Run(trigger)), new HotRegexes(gateway).Tick, HotLookEvery);
        _watch.Watch(started.Config!.Rules, started.Config.BaseDirectory, files);
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true; // Or the process would end, as it does for a terminal that hangs up.
            Request("SIGHUP");
        });
    }

    /// <summary>How reloads went so far.</summary>
    public ReloadSnapshot Snapshot => _snapshot;

    /// <summary>Asks for a reload that begins after this call.</summary>
    public Task<ReloadOutcome> Request(string trigger) => _queue.Request(trigger);

    /// <inheritdoc/>
    public void Dispose()
    {
        _hangUp.Dispose();
        _watch.Dispose();
        _queue.Dispose();
    }

    private ReloadOutcome Note(ReloadOutcome outcome)
    {
        _snapshot = new ReloadSnapshot
        {
            Succeeded = _snapshot.Succeeded + (outcome.Ok ? 1 : 0),
            Failed = _snapshot.Failed + (outcome.Ok ? 0 : 1),
            LastAt = DateTimeOffset.UtcNow,
            LastSucceeded = outcome.Ok,
            LastTook = TimeSpan.FromMilliseconds(outcome.TookMs),
            LastProblems = [.. outcome.Problems],
            RestartNeeded = outcome.Ok ? [.. outcome.NeedsRestart] : _snapshot.RestartNeeded,
        };
        if (outcome.Ok)
        {
            ReloadLog.Reloaded(
                _log, outcome.Trigger, outcome.Rules, outcome.Hashes, (long)outcome.TookMs, outcome.Generation, Notes(outcome));
        }
        else
        {
            var more = outcome.Problems.Count - 1;
            ReloadLog.Refused(
                _log, outcome.Trigger, outcome.Problems[0], more == 0 ? "" : $" (and {more} more; sensor-gateway status)");
        }

        return outcome;
    }

    private static string Notes(ReloadOutcome outcome)
    {
        var applied = outcome.Applied.Count == 0 ? "" : $" Changed: {string.Join(", ", outcome.Applied)}.";
        return outcome.NeedsRestart.Count == 0
            ? applied
            : $"{applied} Needs a restart: {string.Join(", ", outcome.NeedsRestart)}.";
    }
}
