using System.Numerics;
using Microsoft.Extensions.Logging;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>Log lines of the publishing room: ids 4000-4999. A retired id is never given to another event.</summary>
internal static partial class PublishingLog
{
    /// <summary>One line at the first, second, fourth, eighth… drop of a kind.</summary>
    public static void Dropped(ILogger log, PublishCounters counters, AlertDropReason reason)
    {
        var total = counters.Dropped(reason);
        if (!BitOperations.IsPow2(total))
        {
            return;
        }

        switch (reason)
        {
            case AlertDropReason.UnconfirmedFull:
                DroppedFull(log, total);
                break;
            case AlertDropReason.TooLarge:
                DroppedTooLarge(log, total);
                break;
            case AlertDropReason.SpoolFull:
                DroppedSpoolFull(log, total);
                break;
            case AlertDropReason.SpoolFailed:
                DroppedSpoolFailed(log, total);
                break;
            default:
                DroppedSubject(log, total);
                break;
        }
    }

    [LoggerMessage(4004, LogLevel.Error, "Dropped {Alerts} alerts at shutdown: they still waited for NATS when the time to "
        + "drain was over. Bring a server in publishing.servers back before you stop the gateway.")]
    public static partial void DroppedAtShutdown(ILogger logger, long alerts);

    [LoggerMessage(4007, LogLevel.Error, "Lost {Alerts} stored alerts so far: the disk does not give them back. See: "
        + "sensor-gateway spool verify.")]
    public static partial void LostInSpool(ILogger logger, long alerts);

    [LoggerMessage(4008, LogLevel.Error, "The spool's disk does not answer: a write or fsync has not returned for {Milliseconds} ms "
        + "({Times} times so far). Alerts stay in memory; what does not fit is dropped, the least grave first. Look at the "
        + "disk of publishing.spool.path.")]
    public static partial void DiskHangs(ILogger logger, double milliseconds, long times);

    [LoggerMessage(4009, LogLevel.Information, "The spool's disk answers again; {Alerts} alerts have been dropped for its sake so far.")]
    public static partial void DiskAnswers(ILogger logger, long alerts);

    [LoggerMessage(4005, LogLevel.Error, "Dropped {Alerts} alerts so far, the least grave first: NATS takes none and "
        + "publishing.spool.max_bytes is used up. Bring a server in publishing.servers back, or raise it.")]
    private static partial void DroppedSpoolFull(ILogger logger, long alerts);

    [LoggerMessage(4006, LogLevel.Error, "Dropped {Alerts} alerts so far, the least grave first: NATS takes none, the "
        + "spool's disk takes none, and memory is full. Free space in publishing.spool.path.")]
    private static partial void DroppedSpoolFailed(ILogger logger, long alerts);

    [LoggerMessage(4001, LogLevel.Error, "Dropped {Alerts} alerts so far: NATS takes none and publishing.unconfirmed is "
        + "used up. Bring a server in publishing.servers back, or raise publishing.unconfirmed.")]
    private static partial void DroppedFull(ILogger logger, long alerts);

    [LoggerMessage(4002, LogLevel.Error, "Dropped {Alerts} alerts so far: longer than the server's max_payload. Lower "
        + "alerts.payload_bytes or alerts.max_rules, or raise max_payload of nats-server.")]
    private static partial void DroppedTooLarge(ILogger logger, long alerts);

    [LoggerMessage(4003, LogLevel.Error, "Dropped {Alerts} alerts so far: their subject cannot be published to. Look at "
        + "publishing.subject.")]
    private static partial void DroppedSubject(ILogger logger, long alerts);
}
