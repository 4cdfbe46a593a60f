using System.Net;
using System.Net.Sockets;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Cli;

/// <summary>Exit codes and messages of the real process; the table of bad configurations is with the unit tests.</summary>
public sealed class ExitCodeTests
{
    [Fact]
    public void Run_WithBadConfig_ExitsWith3()
    {
        using var folder = new GatewayFolder("nats://127.0.0.1:4222");
        folder.Write("gateway.yaml", "sources: [ { id: a, type: tcp, listen: 127.0.0.1:70000 } ]\n");

        var (exitCode, output, error) = GatewayCommand.Run(folder.Path, "run");

        Assert.Equal((3, ""), (exitCode, output));
        Assert.Equal(
            "gateway.yaml:1:40: sources.a.listen has the port '70000'; use 1 to 65535, or 0 for any free one.\n1 problem in the configuration.\n", error);
    }

    [Fact]
    public void Run_WithForbiddenCpu_ExitsWith3AndNamesTheAllowed()
    {
        using var folder = new GatewayFolder("nats://127.0.0.1:4222");

        var (exitCode, _, error) = GatewayCommand.Run(folder.Path, "run", "--set", "threads.pinning=[999]");

        Assert.Equal(3, exitCode);
        Assert.StartsWith("threads.pinning names CPU 999, but this process may use only ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithBadRules_ExitsWith2()
    {
        using var folder = new GatewayFolder("nats://127.0.0.1:4222");
        folder.Write("rules.yaml", "rules:\n  - id: a\n    match: { literel: x }\n");

        var (exitCode, output, error) = GatewayCommand.Run(folder.Path, "run");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Matches(@"rules\.yaml:3:\d+: .*literel", error);
    }

    [Fact]
    public void Run_OnTakenPort_ExitsWith4()
    {
        using var folder = new GatewayFolder("nats://127.0.0.1:4222");
        using var taken = new TcpListener(IPAddress.Loopback, folder.TcpPort);
        taken.Start();

        var (exitCode, _, error) = GatewayCommand.Run(folder.Path, "run", "--set", "log.level=error");

        Assert.Equal(4, exitCode);
        Assert.Matches($@"source field: cannot listen on .*127\.0\.0\.1:{folder.TcpPort}.*; ", error);
    }

    [Fact]
    public void Run_OnTakenTelemetryPort_ExitsWith4()
    {
        using var folder = new GatewayFolder("nats://127.0.0.1:4222");
        using var taken = new TcpListener(IPAddress.Loopback, folder.TelemetryPort);
        taken.Start();

        var (exitCode, _, error) = GatewayCommand.Run(folder.Path, "run", "--set", "log.level=error");

        Assert.Equal(4, exitCode);
        Assert.Equal(
            $"telemetry.listen: cannot listen on 127.0.0.1:{folder.TelemetryPort} (Address already in use); "
            + "free the port or choose another, 127.0.0.1:0 takes any free one.\n",
            error);
    }

    [Fact]
    public void Check_WithEverythingThere_ExitsWith0()
    {
        using var nats = NatsServerProcess.Start();
        using var folder = new GatewayFolder(nats.Url);

        var (exitCode, output, error) = GatewayCommand.Run(folder.Path, "check");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches($@"ok   {nats.Url}: nats-server [0-9.]+ takes messages up to \d+ bytes", output);
    }

    [Fact]
    public void Check_WithoutNats_ExitsWith4AndSaysHowToStartIt()
    {
        var port = GatewayFolder.FreePort();
        using var folder = new GatewayFolder($"nats://127.0.0.1:{port}");

        var (exitCode, output, error) = GatewayCommand.Run(folder.Path, "check");

        Assert.Equal(4, exitCode);
        Assert.Contains($"FAIL nats://127.0.0.1:{port}: see above", output, StringComparison.Ordinal);
        Assert.Equal(
            $"nats://127.0.0.1:{port}: cannot connect (Connection refused); start the server "
            + $"(nats-server -a 127.0.0.1 -p {port}) or correct publishing.servers.\n",
            error);
    }

    [Fact]
    public async Task Check_OfAServerThatIsNotNats_ExitsWith4AndQuotesIt()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var folder = new GatewayFolder($"nats://127.0.0.1:{port}");
        var answering = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("220 mail.example \u001b[1mESMTP\r\n"u8.ToArray());
        });

        var (exitCode, _, error) = GatewayCommand.Run(folder.Path, "check");

        await answering;
        Assert.Equal(4, exitCode);
        Assert.Equal(
            $"nats://127.0.0.1:{port}: is not a NATS server (it says '220 mail.example \\x1b[1mESMTP'); correct publishing.servers.\n", error);
    }

    [Fact]
    public void BenchPublish_OnARealServer_PrintsWhatItDelivered()
    {
        using var nats = NatsServerProcess.Start();
        var (exitCode, output, error) = GatewayCommand.Run(
            Path.GetTempPath(), "bench", "publish", "--nats", nats.Url, "--count", "20000", "--size", "128", "--connections", "4", "--delivery", "fenced", "--json");

        Assert.Equal((0, ""), (exitCode, error));
        using var json = System.Text.Json.JsonDocument.Parse(output);
        Assert.Equal(20000, json.RootElement.GetProperty("delivered").GetInt64());
        Assert.True(json.RootElement.GetProperty("rate").GetDouble() > 0);
    }

    [Fact]
    public void Status_WithoutGateway_ExitsWith1()
    {
        var port = GatewayFolder.FreePort();

        var (exitCode, _, error) = GatewayCommand.Run(Path.GetTempPath(), "status", "--url", $"http://127.0.0.1:{port}");

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"http://127.0.0.1:{port}/status: no gateway answers (", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WithWrongPassword_ExitsWith4AndNamesTheKey()
    {
        using var nats = NatsServerProcess.Start(new NatsServerSetup { User = "gateway", Password = "right" });
        using var folder = new GatewayFolder(nats.Url);

        var (exitCode, _, error) = GatewayCommand.Run(
            folder.Path, "check", "--set", "publishing.auth.user=gateway", "--set", "publishing.auth.password=wrong");

        Assert.Equal(4, exitCode);
        Assert.Matches($"^{nats.Url}: .*Authorization Violation.*; look at publishing.auth, publishing.tls and the server's log", error);
        Assert.DoesNotContain("wrong", error, StringComparison.Ordinal);
    }
}
