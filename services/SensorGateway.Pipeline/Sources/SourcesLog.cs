using Microsoft.Extensions.Logging;

namespace SensorGateway.Pipeline.Sources;

/// <summary>Log lines of the sources room: ids 1000-1999. A retired id is never given to another event.</summary>
internal static partial class SourcesLog
{
    [LoggerMessage(1001, LogLevel.Information, "Source {Source} listens on {Endpoint}.")]
    public static partial void Listening(ILogger logger, string source, string endpoint);

    [LoggerMessage(1002, LogLevel.Information, "Source {Source} has stopped; it received {Received} payloads.")]
    public static partial void Stopped(ILogger logger, string source, long received);

    [LoggerMessage(1010, LogLevel.Warning, "Source {Source}, sensor {Sensor}: {Problem}; {Outcome}. To mend it, {Cure}.")]
    public static partial void Rejected(
        ILogger logger, string source, string sensor, string problem, string outcome, string cure);

    [LoggerMessage(1011, LogLevel.Warning, "Source {Source}: {Count} more of \"{Kind}\" since the last such line.")]
    public static partial void Repeated(ILogger logger, string source, long count, string kind);

    [LoggerMessage(1012, LogLevel.Error, "Source {Source} dropped {Payloads} payloads: {Problem}. Send less, or give "
        + "detection more CPUs; overload: block on a stream makes the sender wait instead.")]
    public static partial void Dropped(ILogger logger, string source, long payloads, string problem);

    [LoggerMessage(1020, LogLevel.Warning, "Source {Source} refused a connection: {ConnectionsMax} are open. "
        + "Raise sources.{Source}.max_connections, or close idle senders.")]
    public static partial void ConnectionRefused(ILogger logger, string source, int connectionsMax);

    [LoggerMessage(1021, LogLevel.Error, "Source {Source} cannot accept connections (errno {Errno}) and tries again every "
        + "100 ms; open ones go on. If it is 24 or 23, raise the limit of open files (ulimit -n).")]
    public static partial void AcceptFailed(ILogger logger, string source, int errno);

    [LoggerMessage(1022, LogLevel.Warning, "Source {Source} refused a connection: no room for another sensor's name. "
        + "Use a sensor template without {{peer_ip}}.")]
    public static partial void NoSensorForConnection(ILogger logger, string source);

    [LoggerMessage(1023, LogLevel.Information, "Source {Source}, sensor {Sensor}: nothing came for {Seconds} s; "
        + "connection closed.")]
    public static partial void ClosedIdle(ILogger logger, string source, string sensor, double seconds);
}
