using Microsoft.Extensions.Logging;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>Log lines of the composing room: ids 6000-6999. A retired id is never given to another event.</summary>
internal static partial class LanesLog
{
    [LoggerMessage(6001, LogLevel.Critical, "Thread {Role} has died; the gateway ends rather than run half-dead.")]
    public static partial void WorkerDied(ILogger logger, string role, Exception fault);

    [LoggerMessage(6010, LogLevel.Warning, "The prices of the rules could not be measured; status shows none. Rules work "
        + "as usual.")]
    public static partial void PricingFailed(ILogger logger, Exception fault);

    [LoggerMessage(6002, LogLevel.Error, "{Alerts} alerts were not confirmed within the {Seconds} s given to drain; they "
        + "may be lost. Was NATS reachable?")]
    public static partial void NotDrained(ILogger logger, long alerts, double seconds);

    [LoggerMessage(6007, LogLevel.Error, "{Payloads} payloads were not checked within the {Seconds} s given to drain: they are "
        + "dropped. Rules that are too dear, or NATS too slow? status shows which.")]
    public static partial void PayloadsLeft(ILogger logger, long payloads, double seconds);

    [LoggerMessage(6003, LogLevel.Warning, "{Alerts} alerts were not confirmed within the time given to drain; they lie in "
        + "the spool and go out at the next start, or by: sensor-gateway spool drain.")]
    public static partial void LeftInSpool(ILogger logger, long alerts);

    [LoggerMessage(6006, LogLevel.Error, "The spool's disk has not answered for {Seconds} s at the stop: of {Alerts} alerts, what "
        + "it had not stored before is lost. Look at the disk of publishing.spool.path.")]
    public static partial void SpoolHangsAtStop(ILogger logger, double seconds, long alerts);

    [LoggerMessage(6005, LogLevel.Warning, "{Summaries} summaries of suppressed alerts found no way out within the "
        + "{Seconds} s given to drain; what they would have counted is in alerts_suppressed. Was NATS reachable?")]
    public static partial void SummariesLeft(ILogger logger, int summaries, double seconds);
}
