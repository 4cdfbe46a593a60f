using System.Collections.Immutable;
using SensorGateway.Configuration.Values;

namespace SensorGateway.Configuration.Schema;

/// <summary>Keys about watching and steering the process.</summary>
internal static class ServiceKeys
{
    public static ImmutableArray<ConfigKey> All { get; } =
    [
        new(
            "telemetry.listen", new EndpointKind(),
            "Serves /healthz, /readyz, /metrics and /status; port 0 takes a free one.") { Default = "127.0.0.1:9464" },
        new(
            "control.socket", new TextKind("a file name", 100),
            "Unix socket for reload and status, mode 0600; relative to the configuration file.")
        {
            Default = "control.sock",
        },
        new(
            "log.level", new ChoiceKind(["trace", "debug", "info", "warn", "error"]), "Least grave lines to print.")
        {
            Default = "info",
        },
        new("log.format", new ChoiceKind(["text", "json"]), "For people or for a log shipper.") { Default = "text" },
    ];
}
