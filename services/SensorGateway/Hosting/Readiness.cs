using SensorGateway.Pipeline.Lanes;

namespace SensorGateway.Hosting;

/// <summary>Whether a gateway can do its work right now.</summary>
internal static class Readiness
{
    /// <summary>Null when ready; otherwise the reason and the cure.</summary>
    public static string? Of(GatewaySnapshot snapshot)
    {
        if (!snapshot.IsListening)
        {
            return "starting or stopping: sources do not listen";
        }

        if (snapshot.CanPublish || snapshot.SpoolTakesAlerts)
        {
            return null;
        }

        var reason = snapshot.Connections.Select(
            connection => connection.LastError).FirstOrDefault(error => error is not null);
        return $"no connection to NATS ({reason ?? "dialling"}); check publishing.servers and publishing.auth";
    }
}
