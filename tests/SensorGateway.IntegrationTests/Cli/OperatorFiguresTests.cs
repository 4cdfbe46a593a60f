using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using SensorGateway.IntegrationTests.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Cli;

/// <summary>What an operator sees of publishing: in /status, in <c>status</c> and in /metrics, while NATS is there and away.</summary>
[SupportedOSPlatform("linux")]
public sealed class OperatorFiguresTests
{
    private const int Alerts = 300;

    [Fact]
    public async Task Figures_WhileNatsIsThereAndThenAway_TellTheSameEverywhere()
    {
        using var nats = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var proxy = new CutProxy(nats.Port);
        using (var admin = new StreamAdmin(nats.Endpoint))
        {
            admin.Create("ALERTS");
        }

        using var folder = new GatewayFolder(nats.Url);
        folder.Write("gateway.yaml", Configuration(folder, proxy));
        using var http = new HttpClient { BaseAddress = new Uri(folder.Url) };
        using var gateway = GatewayCommand.Start(folder.Path, "run");
        gateway.WaitForError("Ready: ");
        await SendAsync(folder.TcpPort, Alerts);
        gateway.Wait(() => Value(http, "sensorgateway_alerts_confirmed_total") == Alerts, "the alerts were not confirmed");

        using (var status = Status(http))
        {
            var connection = status.RootElement.GetProperty("connections")[0];
            Assert.Equal("connected", connection.GetProperty("state").GetString());
            Assert.Equal(JsonValueKind.Null, connection.GetProperty("last_error").ValueKind);
            Assert.Equal(0, connection.GetProperty("unconfirmed_bytes").GetInt64());
            Assert.Equal(Value(http, "sensorgateway_nats_ack_window{connection=\"0\"}"), connection.GetProperty("ack_window").GetInt32());
            var pool = status.RootElement.GetProperty("pool");
            Assert.Equal(Value(http, "sensorgateway_batches_total"), pool.GetProperty("batches").GetInt64());
            Assert.True(pool.GetProperty("alerts_per_batch").GetDouble() > 0);
            Assert.True(pool.GetProperty("batch_window_us").GetDouble() >= 0);
        }

        Assert.True(Value(http, "sensorgateway_nats_ack_window{connection=\"0\"}") > 0);
        Assert.True(Value(http, "sensorgateway_batched_alerts_total") >= Alerts);
        Assert.True(Value(http, "sensorgateway_batch_window_seconds") >= 0);
        Assert.Equal(1, Value(http, "sensorgateway_nats_connection_up{connection=\"0\"}"));
        Assert.Equal(1, Value(http, "sensorgateway_nats_connection_state{connection=\"0\",state=\"connected\"}"));

        proxy.Refuses = true;
        proxy.CutAll();
        gateway.Wait(() => Value(http, "sensorgateway_nats_connection_up{connection=\"0\"}") == 0, "the loss was not noticed");
        await SendAsync(folder.TcpPort, Alerts);
        gateway.Wait(() => Value(http, "sensorgateway_nats_unconfirmed_seconds{connection=\"0\"}") > 1, "no age of what is kept");
        await SendAsync(folder.TcpPort, Alerts); // The memory waits; these go to the spool alone.
        gateway.Wait(() => Value(http, "sensorgateway_alerts_spooled") == Alerts, "the alerts were not spooled");
        gateway.Wait(() => Value(http, "sensorgateway_spool_bytes") > 0 && Value(http, "sensorgateway_spool_oldest_seconds") > 0, "no size or age of the spool");

        string error;
        using (var status = Status(http))
        {
            var connection = status.RootElement.GetProperty("connections")[0];
            error = connection.GetProperty("last_error").GetString()!;
            Assert.Equal("connecting", connection.GetProperty("state").GetString());
            Assert.False(string.IsNullOrWhiteSpace(error));
            Assert.True(connection.GetProperty("unconfirmed_for_s").GetDouble() > 1);
            Assert.Equal(Value(http, "sensorgateway_nats_unconfirmed_bytes{connection=\"0\"}"), connection.GetProperty("unconfirmed_bytes").GetInt64());
            Assert.True(connection.GetProperty("unconfirmed_bytes").GetInt64() > Alerts * 100);
            var spool = status.RootElement.GetProperty("spool");
            Assert.Equal(Value(http, "sensorgateway_spool_bytes"), spool.GetProperty("bytes").GetInt64());
            Assert.True(spool.GetProperty("oldest_s").GetDouble() > 0);
            Assert.Equal(JsonValueKind.Null, spool.GetProperty("last_error").ValueKind);
        }

        var lines = GatewayCommand.Run(folder.Path, "status", "--url", folder.Url).Out.Split('\n');
        var first = Assert.Single(lines, static line => line.StartsWith("nats         0 ", StringComparison.Ordinal));
        Assert.Contains("0 connecting ", first, StringComparison.Ordinal);
        Assert.Matches(@"300 unconfirmed \([\d,]{6,} bytes\), nothing confirmed for \d+ s, 0 of \d+ answers awaited", first);
        Assert.EndsWith(")", first, StringComparison.Ordinal); // The last error.
        Assert.Contains(error[..Math.Min(10, error.Length)], first, StringComparison.Ordinal);
        Assert.Single(lines, static line => line.StartsWith("nats pool ", StringComparison.Ordinal)
            && line.Contains(" alerts a batch, window ", StringComparison.Ordinal));
        Assert.Matches(@"spool        .* ok: [\d,]{6,} of [\d,]+ bytes, \d+ files, oldest \d+ s", Assert.Single(
            lines, static line => line.StartsWith("spool ", StringComparison.Ordinal)));
        Assert.Contains(lines, static line => line.Contains(" + 300 in the spool", StringComparison.Ordinal));
        gateway.Terminate();
        Assert.Equal(0, gateway.WaitForExit());
    }

    private static JsonDocument Status(HttpClient http) => JsonDocument.Parse(http.GetStringAsync("/status").GetAwaiter().GetResult());

    private static double Value(HttpClient http, string sample)
    {
        var line = http.GetStringAsync("/metrics").GetAwaiter().GetResult().Split('\n')
            .FirstOrDefault(line => line.StartsWith(sample + " ", StringComparison.Ordinal));
        return line is null ? -1 : double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    private static string Configuration(GatewayFolder folder, CutProxy proxy) =>
        $$"""
        gateway: { name: test }
        sources:
          - { id: field, type: tcp, listen: 127.0.0.1:{{folder.TcpPort}}, framing: newline }
        rules: { paths: [rules.yaml] }
        publishing:
          servers: ["{{proxy.Endpoint}}"]
          delivery: jetstream
          stream: ALERTS
          spool: { path: spool }
        telemetry: { listen: 127.0.0.1:{{folder.TelemetryPort}} }
        """;

    private static async Task SendAsync(int port, int count)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var stream = client.GetStream();
        for (var i = 0; i < count; i++)
        {
            await stream.WriteAsync("needle\n"u8.ToArray());
        }

        client.Client.Shutdown(SocketShutdown.Send);
        _ = await stream.ReadAsync(new byte[1]); // Closed when all was read.
    }
}
