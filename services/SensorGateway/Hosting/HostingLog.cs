using Microsoft.Extensions.Logging;

namespace SensorGateway.Hosting;

/// <summary>Log lines of the process as a whole: ids 1000-1999. A retired id is never given to another event.</summary>
internal static partial class HostingLog
{
    [
        LoggerMessage(
            1000, LogLevel.Information,
            "Gateway {Gateway}, version {Version}, profile {Profile}: {RuleCount} rules and {HashCount} hashes at "
                + "work after {StartMilliseconds} ms.")
    ]
    public static partial void Started(
        ILogger logger, string gateway, string version, string profile, int ruleCount, long hashCount,
        long startMilliseconds);

    [
        LoggerMessage(
            1002, LogLevel.Information,
            "Alerts go to {Servers} as {Subject}, delivery {Delivery}. See them: sensor-gateway tail --nats "
                + "{FirstServer} --subject '{Wildcard}'")
    ]
    public static partial void Publishing(
        ILogger logger, string servers, string subject, string delivery, string firstServer, string wildcard);

    [
        LoggerMessage(
            1003, LogLevel.Information,
            "Watch the gateway: {Url}/status, /metrics, /healthz, /readyz, or: sensor-gateway status --url {Url}")
    ]
    public static partial void Telemetry(ILogger logger, string url);

    [LoggerMessage(1004, LogLevel.Information, "Ready: payloads that match become alerts.")]
    public static partial void Ready(ILogger logger);

    [LoggerMessage(1005, LogLevel.Warning, "Not ready: {Reason}. Alerts wait in memory until it is.")]
    public static partial void NotReady(ILogger logger, string reason);

    [
        LoggerMessage(
            1006, LogLevel.Warning,
            "threads.wait is spin, but {Cpus} CPUs leave none to spare: threads park instead. Use wait: park.")
    ]
    public static partial void SpinRefused(ILogger logger, int cpus);

    [LoggerMessage(1007, LogLevel.Information, "Stopping: reading no more, draining for at most {Seconds} s.")]
    public static partial void Stopping(ILogger logger, double seconds);

    [
        LoggerMessage(
            1008, LogLevel.Information,
            "Stopped: received {Received} payloads = {Clean} clean + {Alerted} alerted + {Rejected} rejected + "
                + "{Dropped} dropped; alerts {Confirmed} confirmed + {SentUnconfirmed} sent + {Unconfirmed} "
                + "unconfirmed + {Suppressed} suppressed + {AlertsDropped} dropped, {Summaries} summaries among them.")
    ]
    public static partial void Stopped(
        ILogger logger,
        long received,
        long clean,
        long alerted,
        long rejected,
        long dropped,
        long confirmed,
        long sentUnconfirmed,
        long unconfirmed,
        long alertsDropped,
        long suppressed,
        long summaries);

    [
        LoggerMessage(
            1020, LogLevel.Error,
            "Rule {Rule} is quarantined: one of its regexes ran into detection.match_timeout again and again. That "
                + "regex counts as no match until the rules are loaded again; rewrite it so that check calls it safe.")
    ]
    public static partial void Quarantined(ILogger logger, string rule);

    [LoggerMessage(1009, LogLevel.Critical, "The worker {Role} died, so the gateway ends: {Reason}.")]
    public static partial void WorkerDied(ILogger logger, string role, string reason);
}
