using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Spooling;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>The publishing half of a gateway alone, to send what a stopped gateway left in its spool.</summary>
/// <remarks>Same ids, same order, same delivery: it is the same code.</remarks>
public sealed class SpoolDrain : IDisposable
{
    private readonly PublishLane _lane;

    /// <summary>Locks the spool; nothing dials yet.</summary>
    /// <exception cref="SpoolException">A gateway works with it.</exception>
    public SpoolDrain(GatewayOptions options, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(options.Spool);
        _lane = new PublishLane(options with { DetectionWorkers = 1 }, new SensorTable(1), logs);
    }

    /// <summary>Alerts found; grows until all is counted.</summary>
    public long Found => _lane.Worker.Counters.SpoolRecovered;

    /// <summary>Alerts that could not be sent or read.</summary>
    public long Lost => LostBy.Values.Sum();

    /// <summary>The same by reason, without those that did not occur.</summary>
    public IReadOnlyDictionary<AlertDropReason, long> LostBy => Enum.GetValues<AlertDropReason>()
        .Select(reason => (Reason: reason, Alerts: _lane.Worker.Counters.Dropped(reason)
            + _lane.Connections.Sum(connection => connection.Snapshot().Dropped(reason))))
        .Where(static each => each.Alerts > 0)
        .ToDictionary(static each => each.Reason, static each => each.Alerts);

    /// <summary>Alerts that the server has taken.</summary>
    public long Sent => Found - Left - Lost;

    /// <summary>Alerts not sent or not confirmed yet.</summary>
    public long Left => _lane.Worker.Counters.Spooled
        + _lane.Connections.Sum(static connection => connection.Snapshot().Unconfirmed);

    /// <summary>The spool.</summary>
    public SpoolSnapshot Spool => _lane.Spool!.Snapshot;

    /// <summary>Everything is counted and sent, and its files are gone.</summary>
    public bool IsDone => Spool is { State: "ok", Segments: 0 } && Left == 0;

    /// <summary>Why nothing goes out: the first connection's trouble; null when there is none.</summary>
    public string? Trouble => _lane.Connections.Select(static connection => connection.Snapshot())
        .Where(static connection => connection.State != "connected")
        .Select(static connection => connection.LastError).FirstOrDefault(static error => error is not null);

    /// <summary>Dials and sends.</summary>
    public void Start(Action<string, Exception> onFault) => _lane.Start(null, spin: false, onFault);

    /// <summary>Stops; what was not confirmed stays in the spool.</summary>
    public void Dispose()
    {
        _lane.StopThread();
        _lane.Dispose();
    }
}
