using Microsoft.Extensions.Logging;

namespace SensorGateway.Pipeline.Spooling;

/// <summary>Log lines of the spooling room: ids 7000-7999. A retired id is never given to another event.</summary>
internal static partial class SpoolingLog
{
    [LoggerMessage(7001, LogLevel.Error, "The spool in {Folder} cannot be used: {Reason} Alerts that NATS does not take "
        + "stay in memory until it can. Free space on the disk, or correct publishing.spool.path.")]
    public static partial void Failing(ILogger logger, string folder, string reason);

    [LoggerMessage(7002, LogLevel.Information, "The spool in {Folder} can be used again.")]
    public static partial void Works(ILogger logger, string folder);

    [LoggerMessage(7003, LogLevel.Information, "The spool in {Folder} holds {Records} alerts of an earlier start; they go "
        + "out before newer ones of the same sensors.")]
    public static partial void Recovered(ILogger logger, string folder, long records);

    [LoggerMessage(7004, LogLevel.Warning, "The spool in {Folder} is damaged: {Bytes} bytes were no alerts, {Files} files "
        + "were put aside as *.bad. All other alerts are sound. A crash tears the last alerts; anything else is the disk's "
        + "doing.")]
    public static partial void Damaged(ILogger logger, string folder, long bytes, int files);

    [LoggerMessage(7005, LogLevel.Error, "The spool in {Folder} cannot be read: {Reason} It is tried again every second.")]
    public static partial void Unreadable(ILogger logger, string folder, string reason);

    [LoggerMessage(7006, LogLevel.Warning, "The spool in {Folder} cannot store the number of this start: {Reason} Ids stay "
        + "unique unless the clock goes back.")]
    public static partial void NoEpoch(ILogger logger, string folder, string reason);
}
