using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Cli;

/// <summary>The way of an operator: start, look, stop.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task Run_WithTraffic_AlertsAccountsAndDrains()
    {
        using var nats = NatsServerProcess.Start();
        using var folder = new GatewayFolder(nats.Url);
        using var gateway = GatewayCommand.Start(folder.Path, "run");
        gateway.WaitForError("Ready: ");
        using var tail = GatewayCommand.Start(folder.Path, "tail", "--nats", nats.Url, "--count", "2", "--json");
        tail.WaitForError("Listening to alerts.>");

        using (var sensor = new TcpClient())
        {
            await sensor.ConnectAsync(IPAddress.Loopback, folder.TcpPort);
            await sensor.GetStream().WriteAsync("hay\nneedle 1\nhay\nneedle 2\n"u8.ToArray());
        }

        Assert.Equal(0, tail.WaitForExit());
        foreach (var line in tail.Out.TrimEnd().Split('\n'))
        {
            using var alert = JsonDocument.Parse(line);
            Assert.Equal("test.needle", alert.RootElement.GetProperty("rules")[0].GetProperty("id").GetString());
        }

        using var http = new HttpClient { BaseAddress = new Uri(folder.Url) };
        Assert.Equal("ready\n", await http.GetStringAsync("/readyz"));
        Assert.Equal("ok\n", await http.GetStringAsync("/healthz"));
        gateway.Wait(() => http.GetStringAsync("/metrics").Result.Contains("\nsensorgateway_alerts_confirmed_total 2\n", StringComparison.Ordinal), "two alerts were not confirmed");
        var metrics = await http.GetStringAsync("/metrics");
        Assert.Contains("\nsensorgateway_payloads_received_total{source=\"field\"} 4\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nsensorgateway_payloads_clean_total 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nsensorgateway_payloads_alerted_total{severity=\"high\"} 2\n", metrics, StringComparison.Ordinal);

        var status = GatewayCommand.Run(folder.Path, "status", "-c", "gateway.yaml", "--json");
        Assert.Equal(0, status.ExitCode);
        using (var report = JsonDocument.Parse(status.Out))
        {
            Assert.True(report.RootElement.GetProperty("accounting").GetProperty("payloads_add_up").GetBoolean());
            Assert.True(report.RootElement.GetProperty("accounting").GetProperty("alerts_add_up").GetBoolean());
        }

        Assert.Contains("payloads     4 received = 2 clean + 2 alerted", GatewayCommand.Run(folder.Path, "status", "--url", folder.Url).Out, StringComparison.Ordinal);

        gateway.Terminate();
        Assert.Equal(0, gateway.WaitForExit());
        Assert.Contains("Stopped: received 4 payloads = 2 clean + 2 alerted + 0 rejected + 0 dropped; alerts 2 confirmed", gateway.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithARuleThatNeverEnds_QuarantinesItAloudOnceAndGoesOn()
    {
        using var folder = new GatewayFolder($"nats://127.0.0.1:{GatewayFolder.FreePort()}");
        folder.Write(
            "rules.yaml",
            "rules:\n  - { id: slow, unsafe: true, match: { regex: '^(?=(?:a|aa)+$)' } }\n  - { id: quick, match: { literal: needle } }\n");
        using var gateway = GatewayCommand.Start(
            folder.Path, "run", "--set", "detection.match_timeout=1ms", "--set", "detection.cache.entries=0");
        gateway.WaitForError("Not ready: no connection to NATS");

        using (var sensor = new TcpClient())
        {
            await sensor.ConnectAsync(IPAddress.Loopback, folder.TcpPort);
            for (var i = 0; i < 40; i++)
            {
                await sensor.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(new string('a', 500) + "!\n"));
            }

            await sensor.GetStream().WriteAsync("needle\n"u8.ToArray());
        }

        gateway.WaitForError("Rule slow is quarantined");
        using var http = new HttpClient { BaseAddress = new Uri(folder.Url) };
        gateway.Wait(() => http.GetStringAsync("/metrics").Result.Contains("\nsensorgateway_payloads_alerted_total{severity=\"medium\"} 1\n", StringComparison.Ordinal), "the quick rule never matched");
        var metrics = await http.GetStringAsync("/metrics");
        Assert.Contains("\nsensorgateway_rules_quarantined 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nsensorgateway_regex_timeouts_total 8\n", metrics, StringComparison.Ordinal);
        // The automaton takes the look-ahead for true, so the regex was asked about all 41 payloads.
        Assert.Contains("\nsensorgateway_quarantine_skips_total 33\n", metrics, StringComparison.Ordinal);
        var status = GatewayCommand.Run(folder.Path, "status", "--url", folder.Url).Out;
        Assert.Contains("quarantined  slow: a regex of it timed out too often and is not run", status, StringComparison.Ordinal);
        await Task.Delay(600); // Two looks of the watcher: it must not say it again.
        Assert.Single(gateway.Error.Split('\n'), line => line.Contains("is quarantined", StringComparison.Ordinal));
        gateway.Terminate();
    }

    [Fact]
    public void Run_WithRulesThatCheckWarnsAbout_LogsTheSameWarnings()
    {
        using var folder = new GatewayFolder($"nats://127.0.0.1:{GatewayFolder.FreePort()}");
        folder.Write("rules.yaml", string.Concat(Enumerable.Range(0, 12).Select(i =>
            $"{(i == 0 ? "rules:\n" : "")}  - {{ id: r{i}, unsafe: true, match: {{ literal: needle }} }}\n")));
        var check = GatewayCommand.Run(folder.Path, "check", "--no-environment", "--cost-budget", "0");
        var warnings = check.Error.TrimEnd('\n').Split('\n').Select(line => line.Replace(": warning: ", ": ", StringComparison.Ordinal)).ToList();
        Assert.Equal((0, 12), (check.ExitCode, warnings.Count));

        using var gateway = GatewayCommand.Start(folder.Path, "run");
        gateway.WaitForError("And 2 more warnings about the rules; see sensor-gateway check.");
        gateway.WaitForError("Watch the gateway");
        gateway.Terminate();

        Assert.Equal(0, gateway.WaitForExit());
        Assert.All(warnings.Take(10), warning => Assert.Single(
            gateway.Error.Split('\n'), line => line.Contains(" warn", StringComparison.OrdinalIgnoreCase) && line.EndsWith(warning, StringComparison.Ordinal)));
        Assert.All(warnings.Skip(10), warning => Assert.DoesNotContain(warning, gateway.Error, StringComparison.Ordinal));
    }

    [Fact]
    public void Run_ToldToEndWhileItStarts_EndsAllTheSame()
    {
        using var folder = new GatewayFolder($"nats://127.0.0.1:{GatewayFolder.FreePort()}");
        using var gateway = GatewayCommand.Start(folder.Path, "run");
        gateway.WaitForError("Source field listens");

        gateway.Terminate();

        Assert.Equal(0, gateway.WaitForExit());
        Assert.Contains("Stopped: received 0 payloads", gateway.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithoutNats_StartsButIsNotReady()
    {
        using var folder = new GatewayFolder($"nats://127.0.0.1:{GatewayFolder.FreePort()}");
        using var gateway = GatewayCommand.Start(folder.Path, "run", "--set", "log.format=json");
        gateway.WaitForError("Not ready: no connection to NATS");

        using var http = new HttpClient { BaseAddress = new Uri(folder.Url) };
        using var ready = await http.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("ok\n", await http.GetStringAsync("/healthz"));
        Assert.Equal(1, GatewayCommand.Run(folder.Path, "status", "--url", folder.Url).ExitCode);
        gateway.Terminate();

        Assert.Equal(0, gateway.WaitForExit());
        Assert.All(gateway.Error.TrimEnd().Split('\n'), line =>
        {
            using var parsed = JsonDocument.Parse(line);
            Assert.True(parsed.RootElement.TryGetProperty("message", out _));
        });
    }

    [Fact]
    public async Task Endpoints_WithWrongRequests_SayWhatIsThere()
    {
        using var folder = new GatewayFolder($"nats://127.0.0.1:{GatewayFolder.FreePort()}");
        using var gateway = GatewayCommand.Start(folder.Path, "run");
        gateway.WaitForError("Watch the gateway");
        using var http = new HttpClient { BaseAddress = new Uri(folder.Url) };

        using var missing = await http.GetAsync("/nothing");
        using var posted = await http.PostAsync("/status", new StringContent("x"));
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/metrics"));

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("not here; there are /healthz, /readyz, /metrics, /status and /debug/profile\n", await missing.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.StartsWith("text/plain; version=0.0.4", head.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Demo_OnARealServer_LosesNothingAndAddsUp()
    {
        using var nats = NatsServerProcess.Start();
        var demo = GatewayCommand.Run(Path.GetTempPath(), "demo", "--nats", nats.Url, "--seconds", "2", "--rate", "500");

        Assert.Equal((0, ""), (demo.ExitCode, demo.Error));
        Assert.Contains(", 0 lost", demo.Out, StringComparison.Ordinal);
        Assert.Equal(2, demo.Out.Split(": adds up").Length - 1);
    }
}
