using Microsoft.Extensions.Logging;
using SensorGateway.Nats;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>Log lines of the driver nats-client: ids 4900-4999.</summary>
internal static partial class NatsClientLog
{
    [LoggerMessage(4901, LogLevel.Information, "Connection {Connection} to {Endpoint} is open (driver nats-client).")]
    public static partial void Connected(ILogger logger, int connection, NatsEndpoint endpoint);

    [LoggerMessage(4902, LogLevel.Warning, "Connection {Connection} to {Endpoint} is lost: {Reason}. Dialling again.")]
    public static partial void Lost(ILogger logger, int connection, NatsEndpoint endpoint, string reason);

    [LoggerMessage(4903, LogLevel.Warning, "Connection {Connection} has no server: {Reason}. Trying again.")]
    public static partial void CannotConnect(ILogger logger, int connection, string reason);
}
