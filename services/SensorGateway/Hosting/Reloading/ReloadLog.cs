using Microsoft.Extensions.Logging;

namespace SensorGateway.Hosting.Reloading;

/// <summary>Log lines about reloading: ids 1100-1199. A retired id is never given to another event.</summary>
internal static partial class ReloadLog
{
    [
        LoggerMessage(
            1100, LogLevel.Information,
            "Reloaded by {Trigger}: {RuleCount} rules and {HashCount} hashes at work after {Milliseconds} ms, "
                + "generation {Generation}.{Notes}")
    ]
    public static partial void Reloaded(
        ILogger logger, string trigger, int ruleCount, long hashCount, long milliseconds, long generation, string notes);

    [
        LoggerMessage(
            1101, LogLevel.Error,
            "Reload by {Trigger} refused, the rules before go on working: {Problem}{More}")
    ]
    public static partial void Refused(ILogger logger, string trigger, string problem, string more);

    [
        LoggerMessage(
            1102, LogLevel.Warning,
            "Changes in {Folder} are not announced ({Reason}); it is looked at every {Seconds} s instead.")
    ]
    public static partial void CannotWatch(ILogger logger, string folder, string reason, double seconds);

    [
        LoggerMessage(
            1103, LogLevel.Warning,
            "No control socket: {Reason}. Reload with SIGHUP or rules.watch, or set control.socket.")
    ]
    public static partial void NoControlSocket(ILogger logger, string reason);

    [LoggerMessage(1105, LogLevel.Warning, "{Warning}")]
    public static partial void RuleWarning(ILogger logger, string warning);

    [LoggerMessage(1106, LogLevel.Warning, "And {Count} more warnings about the rules; see sensor-gateway check.")]
    public static partial void MoreRuleWarnings(ILogger logger, int count);

    [LoggerMessage(1104, LogLevel.Error, "A request on the control socket could not be answered; please report this.")]
    public static partial void ControlFailed(ILogger logger, Exception fault);
}
