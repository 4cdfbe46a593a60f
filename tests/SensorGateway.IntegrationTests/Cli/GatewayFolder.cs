using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Cli;

/// <summary>A folder with a configuration, a rule, and free ports.</summary>
internal sealed class GatewayFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sensor-gateway-");

    public GatewayFolder(string natsUrl)
    {
        TcpPort = FreePort();
        TelemetryPort = FreePort();
        Write(
            "gateway.yaml",
            $$"""
            gateway: { name: test }
            sources:
              - { id: field, type: tcp, listen: 127.0.0.1:{{TcpPort}}, framing: newline }
            rules: { paths: [rules.yaml] }
            publishing: { servers: [{{natsUrl}}] }
            telemetry: { listen: 127.0.0.1:{{TelemetryPort}} }
            """);
        Write("rules.yaml", "rules:\n  - id: test.needle\n    title: Needle\n    severity: high\n    match: { literal: needle }\n");
    }

    public string Path => _folder.FullName;

    public int TcpPort { get; }

    public int TelemetryPort { get; }

    public string Url => $"http://127.0.0.1:{TelemetryPort}";

    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    public void Dispose() => _folder.Delete(recursive: true);

    public static int FreePort() => NatsServerProcess.FreePort();
}
