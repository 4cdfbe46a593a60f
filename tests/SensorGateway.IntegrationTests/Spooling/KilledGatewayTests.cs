using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using SensorGateway.IntegrationTests.Cli;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Spooling;

/// <summary>The gateway as a process that is killed with SIGKILL, and what its spool gives back.</summary>
[SupportedOSPlatform("linux")]
public sealed class KilledGatewayTests(ITestOutputHelper output)
{
    /// <summary>
    /// Each round: payloads while NATS is away; SIGKILL as soon as the gateway has reported them stored; or, in every
    /// third round, without waiting for that. Then a start with NATS there.
    /// </summary>
    [Fact]
    public async Task KilledAgainAndAgain_LosesNothingThatItReportedStored()
    {
        var rounds = FaultRun.IsFull ? 100 : 3;
        using var nats = NatsServerProcess.Start();
        using var folder = new GatewayFolder(nats.Url);
        using var http = new HttpClient { BaseAddress = new Uri(folder.Url) };
        using var alerts = new AlertCollector(nats.Endpoint);
        using var proxy = new CutProxy(nats.Port);
        WriteConfig(folder, proxy);
        var (sent, stored, lostUnreported, slowest) = (0L, 0L, 0L, TimeSpan.Zero);
        for (var round = 0; round < rounds; round++)
        {
            proxy.Refuses = true;
            var onceBefore = alerts.Once;
            var waits = round % 3 != 2;
            using (var gateway = GatewayCommand.Start(folder.Path, "run"))
            {
                gateway.WaitForError("Ready: "); // Without NATS: the spool can take alerts.
                var count = 200 + 37 * round;
                await SendAsync(folder.TcpPort, sent, count);
                if (waits)
                {
                    gateway.Wait(() => IsStored(http, count), "the alerts were not stored");
                    stored += count;
                }

                sent += count;
                gateway.Kill();
            }

            proxy.Refuses = false;
            var from = Stopwatch.GetTimestamp();
            using (var gateway = GatewayCommand.Start(folder.Path, "run"))
            {
                gateway.Wait(() => Number(http, "alerts", "spooled") == 0 && Number(http, "alerts", "unconfirmed") == 0
                    && Number(http, "spool", "segments") == 0, "the spool did not empty");
                slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(from).Ticks));
                gateway.Terminate();
                Assert.Equal(0, gateway.WaitForExit());
            }

            Assert.True(!waits || alerts.WaitFor(sent - lostUnreported, 10), $"round {round}: {alerts.Figures(sent)}");
            lostUnreported = waits ? lostUnreported : sent - alerts.Once;
            FaultRun.Tell($"gateway killed: round {round + 1} of {rounds}, {alerts.Figures(sent)}");
        }

        output.WriteLine(
            $"{rounds} kills: {alerts.Figures(sent)}; reported stored {stored}, lost of these 0; not yet reported {sent - stored}, "
            + $"lost of these {lostUnreported}; slowest start until all was out {slowest.TotalMilliseconds:F0} ms");
        Assert.Equal(0, alerts.Reordered);
    }

    [Fact]
    public async Task KilledAgainAndAgain_WithoutASpool_LosesNothingThatItReportedConfirmed()
    {
        const int Most = 10_000; // Alerts a round, of which the gateway lives to see a part.
        var rounds = FaultRun.IsFull ? 100 : 3;
        using var nats = NatsServerProcess.Start();
        using var folder = new GatewayFolder(nats.Url);
        using var http = new HttpClient { BaseAddress = new Uri(folder.Url) };
        using var alerts = new AlertCollector(nats.Endpoint);
        using var proxy = new CutProxy(nats.Port);
        WriteConfig(folder, proxy, spool: "");
        var random = new Random(1);
        var (sent, allConfirmed) = (0L, 0L);
        for (var round = 0; round < rounds; round++)
        {
            var onceBefore = alerts.Once;
            using var gateway = GatewayCommand.Start(folder.Path, "run");
            gateway.WaitForError("Ready: ");
            var sending = SendUntilKilledAsync(folder.TcpPort, sent, Most);
            await Task.Delay(random.Next(100));
            var confirmed = Number(http, "alerts", "confirmed");
            gateway.Kill();
            sent += await sending;
            allConfirmed += confirmed;
            Assert.True(alerts.WaitFor(onceBefore + confirmed, 10), $"round {round}: {alerts.Figures(sent)}; confirmed {confirmed}");
            FaultRun.Tell($"gateway without a spool killed: round {round + 1} of {rounds}, {alerts.Figures(sent)}");
        }

        output.WriteLine($"{rounds} kills without a spool: {alerts.Figures(sent)}; reported confirmed {allConfirmed}, lost of these 0");
        Assert.Equal((0, 0), (alerts.Reordered, alerts.Duplicates));
    }

    [Fact]
    public async Task Drain_OfAKilledGatewaysSpool_SendsTheSameIdsInOrderAndLeavesNothing()
    {
        using var nats = NatsServerProcess.Start();
        using var folder = new GatewayFolder(nats.Url);
        using var http = new HttpClient { BaseAddress = new Uri(folder.Url) };
        using var alerts = new AlertCollector(nats.Endpoint, keeps: true);
        using var proxy = new CutProxy(nats.Port) { Refuses = true };
        WriteConfig(folder, proxy);
        using (var gateway = GatewayCommand.Start(folder.Path, "run"))
        {
            gateway.WaitForError("Ready: ");
            await SendAsync(folder.TcpPort, 0, 500);
            gateway.Wait(() => IsStored(http, 500), "the alerts were not stored");
            var refused = GatewayCommand.Run(folder.Path, "spool", "drain", "--path", "spool", "--nats", nats.Url);
            Assert.Equal((4, true), (refused.ExitCode, refused.Error.Contains($"in use by process {gateway.Id}", StringComparison.Ordinal)));
            gateway.Kill();
        }

        var listed = GatewayCommand.Run(folder.Path, "spool", "list", "-c", "gateway.yaml", "--json");
        using (var list = JsonDocument.Parse(listed.Out))
        {
            Assert.Equal((0, 500), (listed.ExitCode, list.RootElement.GetProperty("alerts").GetInt64()));
        }

        Assert.Equal(0, GatewayCommand.Run(folder.Path, "spool", "verify", "--path", "spool").ExitCode);
        var drained = GatewayCommand.Run(folder.Path, "spool", "drain", "--path", "spool", "--nats", nats.Url, "--json");
        Assert.True(drained.ExitCode == 0, drained.Error);
        Assert.Contains("\"sent\":500", drained.Out, StringComparison.Ordinal);
        Assert.True(alerts.WaitFor(500), alerts.Figures(500));
        output.WriteLine(alerts.Figures(500));
        Assert.Equal((0, 0), (alerts.Reordered, alerts.Duplicates));
        var ids = alerts.Kept.Select(static alert => JsonDocument.Parse(alert.Json).RootElement.GetProperty("id").GetString()!).ToArray();
        Assert.Equal(Enumerable.Range(1, 500).Select(static n => n.ToString(CultureInfo.InvariantCulture)), ids.Select(static id => id.Split('-')[^1]));
        Assert.Single(ids.Select(static id => id[..id.LastIndexOf('-')]).Distinct());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(folder.Path, "spool"), "*.spool"));
    }

    private static void WriteConfig(GatewayFolder folder, CutProxy proxy, string spool = ", spool: { path: spool }")
    {
        folder.Write(
            "gateway.yaml",
            $$"""
            gateway: { name: test }
            sources:
              - { id: field, type: tcp, listen: 127.0.0.1:{{folder.TcpPort}} }
            rules: { paths: [rules.yaml] }
            publishing: { servers: ["{{proxy.Endpoint}}"]{{spool}} }
            telemetry: { listen: 127.0.0.1:{{folder.TelemetryPort}} }
            """);
        folder.Write("rules.yaml", "rules:\n  - id: test.evil\n    title: Evil\n    severity: high\n    match: { literal: EVIL }\n");
    }

    private static async Task SendAsync(int port, long from, int count)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var stream = client.GetStream();
        var frame = new byte[132];
        for (var i = 0; i < count; i++)
        {
            frame[3] = 128;
            NumberedPayload.Write(frame.AsSpan(4), 0, from + i, true);
            await stream.WriteAsync(frame);
        }

        client.Client.Shutdown(SocketShutdown.Send);
        _ = await stream.ReadAsync(frame); // Closed when all was read.
    }

    /// <returns>How many were handed to the socket before the gateway was gone.</returns>
    private static async Task<int> SendUntilKilledAsync(int port, long from, int most)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var frame = new byte[132];
        frame[3] = 128;
        var count = 0;
        try
        {
            for (; count < most; count++)
            {
                NumberedPayload.Write(frame.AsSpan(4), 0, from + count, true);
                await client.GetStream().WriteAsync(frame);
                await Task.Delay(count % 25 == 0 ? 1 : 0);
            }
        }
        catch (IOException)
        {
            // Killed.
        }

        return count;
    }

    /// <summary>True when the disk has all of these.</summary>
    private static bool IsStored(HttpClient http, long alerts) =>
        Number(http, "payloads", "alerted") == alerts && Number(http, "spool", "synced_records") >= alerts;

    private static long Number(HttpClient http, string section, string name)
    {
        try
        {
            using var status = JsonDocument.Parse(http.GetStringAsync("/status").GetAwaiter().GetResult());
            return status.RootElement.GetProperty(section).GetProperty(name).GetInt64();
        }
        catch (HttpRequestException)
        {
            return -1;
        }
    }
}
