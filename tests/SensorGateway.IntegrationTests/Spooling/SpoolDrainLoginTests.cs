using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using SensorGateway.IntegrationTests.Cli;
using SensorGateway.IntegrationTests.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Spooling;

/// <summary><c>spool drain</c> against a server that lets only one user in.</summary>
[SupportedOSPlatform("linux")]
public sealed class SpoolDrainLoginTests
{
    private const int Alerts = 40;
    private const string Secret = "p@ss:word";

    [Fact]
    public async Task Drain_ServerAsksForAPassword_TellsARefusalAndKeepsTheAlertsUntilTheRightOne()
    {
        using var nats = NatsServerProcess.Start(new NatsServerSetup { JetStream = true, User = "edge", Password = Secret });
        using var admin = new StreamAdmin(nats.Endpoint, "edge", Secret);
        admin.Create("ALERTS");
        using var folder = new GatewayFolder(nats.Url);
        Configure(folder, nats, password: "wrong");
        using (var gateway = GatewayCommand.Start(folder.Path, "run"))
        {
            gateway.WaitForError("Ready: "); // The spool can take alerts.
            await SendAsync(folder.TcpPort);
            using var http = new HttpClient { BaseAddress = new Uri(folder.Url) };
            gateway.Wait(() => IsStored(http), "the alerts were not stored");
            gateway.Kill();
        }

        var wrong = Drain(folder, "-c", "gateway.yaml");
        AssertRefused(wrong);
        Assert.DoesNotContain("wrong", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(0, admin.Count("ALERTS"));

        Configure(folder, nats, Secret);
        var right = Drain(folder, "-c", "gateway.yaml");
        Assert.True(right.ExitCode == 0, right.Error);
        AssertCounts(right.Out, found: Alerts, sent: Alerts, left: 0);
        Assert.Equal(Alerts, admin.Count("ALERTS"));

        var empty = Drain(folder, "--path", "spool", "--nats", $"nats://edge:{Uri.EscapeDataString(Secret)}@127.0.0.1:{nats.Port}");
        Assert.True(empty.ExitCode == 0, empty.Error);
        AssertCounts(empty.Out, found: 0, sent: 0, left: 0);
    }

    [Fact]
    public async Task Drain_UserMayNotPublishThere_SaysSoAndCallsNothingSent()
    {
        using var nats = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = $$"""
                authorization { users = [ { user: edge, password: "{{Secret}}", permissions: { publish: { deny: "alerts.>" } } } ] }
                """,
        });
        using var folder = new GatewayFolder(nats.Url);
        Configure(folder, nats, password: "wrong");
        using (var gateway = GatewayCommand.Start(folder.Path, "run"))
        {
            gateway.WaitForError("Ready: ");
            await SendAsync(folder.TcpPort);
            using var http = new HttpClient { BaseAddress = new Uri(folder.Url) };
            gateway.Wait(() => IsStored(http), "the alerts were not stored");
            gateway.Kill();
        }

        var drain = Drain(folder, "--path", "spool", "--nats", $"nats://edge:{Uri.EscapeDataString(Secret)}@127.0.0.1:{nats.Port}");
        Assert.True(drain.ExitCode == 4, $"exit code {drain.ExitCode}: {drain.Out} {drain.Error}");
        Assert.Contains("does not let this user publish", drain.Error, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(drain.Out);
        Assert.Equal(0, report.RootElement.GetProperty("sent").GetInt64());
        Assert.InRange(report.RootElement.GetProperty("lost").GetInt64(), 1, Alerts);
    }

    private static (int ExitCode, string Out, string Error) Drain(GatewayFolder folder, params string[] args) =>
        GatewayCommand.Run(folder.Path, ["spool", "drain", .. args, "--json"]);

    private static void AssertRefused((int ExitCode, string Out, string Error) drain)
    {
        Assert.True(drain.ExitCode == 4, $"exit code {drain.ExitCode}: {drain.Out} {drain.Error}");
        Assert.Contains("Nothing has gone out for 10 s", drain.Error, StringComparison.Ordinal);
        Assert.Contains("authorization", drain.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("What is not sent stays in the spool.", drain.Error, StringComparison.Ordinal);
        AssertCounts(drain.Out, Alerts, sent: 0, left: Alerts);
    }

    private static void AssertCounts(string json, long found, long sent, long left)
    {
        using var report = JsonDocument.Parse(json);
        long Of(string name) => report.RootElement.GetProperty(name).GetInt64();
        Assert.Equal((found, sent, 0, left), (Of("found"), Of("sent"), Of("lost"), Of("left")));
    }

    private static void Configure(GatewayFolder folder, NatsServerProcess nats, string password) => folder.Write(
        "gateway.yaml",
        $$"""
        gateway: { name: test }
        sources:
          - { id: field, type: tcp, listen: 127.0.0.1:{{folder.TcpPort}}, framing: newline }
        rules: { paths: [rules.yaml] }
        publishing:
          servers: ["{{nats.Url}}"]
          auth: { user: edge, password: "{{password}}" }
          delivery: jetstream
          stream: ALERTS
          spool: { path: spool }
        telemetry: { listen: 127.0.0.1:{{folder.TelemetryPort}} }
        """);

    private static async Task SendAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var stream = client.GetStream();
        for (var i = 0; i < Alerts; i++)
        {
            await stream.WriteAsync("needle\n"u8.ToArray());
        }

        client.Client.Shutdown(SocketShutdown.Send);
        _ = await stream.ReadAsync(new byte[1]); // Closed when all was read.
    }

    private static bool IsStored(HttpClient http)
    {
        using var status = JsonDocument.Parse(http.GetStringAsync("/status").GetAwaiter().GetResult());
        return status.RootElement.GetProperty("spool").GetProperty("synced_records").GetInt64() >= Alerts;
    }
}
