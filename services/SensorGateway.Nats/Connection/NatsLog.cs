using Microsoft.Extensions.Logging;

namespace SensorGateway.Nats.Connection;

/// <summary>Log lines of the NATS room: ids 5000-5999. A retired id is never given to another event.</summary>
internal static partial class NatsLog
{
    [LoggerMessage(5000, LogLevel.Information, "NATS connection {Index}: {Endpoint} accepted us "
        + "(server {ServerName} {Version}, max_payload {MaxPayloadBytes} bytes).")]
    public static partial void Connected(
        ILogger logger, int index, string endpoint, string? serverName, string? version, int maxPayloadBytes);

    [LoggerMessage(5001, LogLevel.Warning, "NATS connection {Index}: cannot connect: {Reason}. Trying again.")]
    public static partial void CannotConnect(ILogger logger, int index, string reason);

    [LoggerMessage(5002, LogLevel.Error, "NATS connection {Index}: {Reason}. Trying again every few seconds.")]
    public static partial void Refused(ILogger logger, int index, string reason);

    [LoggerMessage(5003, LogLevel.Warning, "NATS connection {Index}: lost {Endpoint}: {Reason}. Reconnecting.")]
    public static partial void Lost(ILogger logger, int index, string endpoint, string reason);

    [LoggerMessage(5004, LogLevel.Error, "NATS connection {Index}: the server refused a message: {Text}. "
        + "Allow the subject for this user on the server, or change publishing.subject. {Count} so far.")]
    public static partial void PermissionDenied(ILogger logger, int index, string text, long count);

    [LoggerMessage(5005, LogLevel.Warning, "NATS connection {Index}: the server reports: {Text}.")]
    public static partial void ServerReports(ILogger logger, int index, string text);

    [LoggerMessage(5006, LogLevel.Error, "NATS connection {Index}: dropped {Messages} messages that this server does "
        + "not take: they are above its max_payload of {MaxPayloadBytes} bytes, or have headers it does not support.")]
    public static partial void DroppedMessages(ILogger logger, int index, int messages, int maxPayloadBytes);

    [LoggerMessage(5007, LogLevel.Information, "NATS connection {Index}: {Endpoint} is shutting down (lame duck); "
        + "moving to another server.")]
    public static partial void LameDuck(ILogger logger, int index, string endpoint);

    [LoggerMessage(5008, LogLevel.Error, "NATS connection {Index}: unexpected fault; dialling again.")]
    public static partial void Fault(ILogger logger, int index, Exception fault);

    [LoggerMessage(5009, LogLevel.Warning, "NATS connection {Index}: {Text}. Trying again until it is stored.")]
    public static partial void StreamNotNow(ILogger logger, int index, string text);

    [LoggerMessage(5010, LogLevel.Error, "NATS connection {Index}: {Text}. The message is given up; check the stream's "
        + "limits and publishing.stream.")]
    public static partial void StreamRejects(ILogger logger, int index, string text);
}
