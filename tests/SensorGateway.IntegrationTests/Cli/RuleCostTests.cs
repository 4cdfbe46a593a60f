using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Cli;

/// <summary>The way of a detection engineer: explain, list, price; and what a running gateway says of its rules.</summary>
public sealed class RuleCostTests
{
    private const string Rules =
        """
        rules:
          - id: test.encoded
            match: { literal: needle, transform: [url-decode, lowercase] }
          - id: test.pattern
            match: { regex: '[a-f]\d[a-f]\d' }
          - id: test.rare
            match: { regex: 'quokka=\d' }
        """;

    [Fact]
    public void Explain_OfStandardInput_ShowsMatchNearMissAndTimes()
    {
        using var folder = new GatewayFolder("nats://127.0.0.1:4222");
        folder.Write("rules.yaml", Rules);

        var (exitCode, output, error) = Explain(folder.Path, [.. "%4eEEDLE quokka=x "u8, 0x1B, 0x00, 0xFF]);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("payload    21 bytes: %4eEEDLE quokka=x \\x1b\\x00\\xff\n", output, StringComparison.Ordinal);
        Assert.Contains("6 bytes at 0 after url-decode,lowercase: needle\n", output, StringComparison.Ordinal);
        Assert.Matches(@"near miss  test\.rare \(medium\), decided by dfa, [\d.]+ us\n           has 'quokka=' at 9; the automaton finds no match\n", output);
        Assert.Contains("others     1 of 3 rules", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_ListAndCost_AreWhatScriptsCanRead()
    {
        using var folder = new GatewayFolder("nats://127.0.0.1:4222");
        folder.Write("rules.yaml", Rules);
        folder.Write("sample.txt", "quokka=1\nquokka=x\nhay\n%4eeedle\n");

        var list = GatewayCommand.Run(folder.Path, "rules", "list", "--rules", "rules.yaml", "--json");
        var cost = GatewayCommand.Run(folder.Path, "rules", "cost", "--rules", "rules.yaml", "--payloads", "sample.txt", "--json");

        using var listed = JsonDocument.Parse(list.Out);
        Assert.Equal(
            ["test.encoded literal", "test.pattern dfa", "test.rare dfa"],
            listed.RootElement.GetProperty("rules").EnumerateArray().Select(rule => $"{rule.GetProperty("id")} {rule.GetProperty("stage")}"));
        using var costed = JsonDocument.Parse(cost.Out);
        Assert.Equal(4, costed.RootElement.GetProperty("payloads").GetInt32());
        Assert.Equal(
            ["test.encoded 0 1", "test.pattern 4 0", "test.rare 2 1"],
            costed.RootElement.GetProperty("rules").EnumerateArray()
                .Select(rule => $"{rule.GetProperty("id")} {rule.GetProperty("runs")} {rule.GetProperty("matches")}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Status_OfARunningGateway_ShowsTheDearestRulesWithLiveCounts()
    {
        using var nats = NatsServerProcess.Start();
        using var folder = new GatewayFolder(nats.Url);
        folder.Write("rules.yaml", Rules);
        using var gateway = GatewayCommand.Start(folder.Path, "run");
        gateway.WaitForError("Ready: ");
        using var tail = GatewayCommand.Start(folder.Path, "tail", "--nats", nats.Url, "--count", "1", "--json");
        tail.WaitForError("Listening to alerts.>");
        using (var sensor = new TcpClient())
        {
            await sensor.ConnectAsync(IPAddress.Loopback, folder.TcpPort);
            await sensor.GetStream().WriteAsync("hay\nquokka=x\nan %4eeedle\n"u8.ToArray());
        }

        Assert.Equal(0, tail.WaitForExit());
        using var alert = JsonDocument.Parse(tail.Out);
        var match = alert.RootElement.GetProperty("rules")[0];
        Assert.Equal(
            ("url-decode,lowercase", 3, "needle"),
            (match.GetProperty("transform").GetString(), match.GetProperty("offset").GetInt32(), match.GetProperty("text").GetString()));

        using var http = new HttpClient { BaseAddress = new Uri(folder.Url) };
        string[] Costs()
        {
            using var status = JsonDocument.Parse(http.GetStringAsync("/status").Result);
            return [.. status.RootElement.GetProperty("dearest_rules").EnumerateArray()
                .Select(rule => $"{rule.GetProperty("rule")} {rule.GetProperty("stage")} {rule.GetProperty("runs")} {rule.GetProperty("matches")}")
                .Order(StringComparer.Ordinal)];
        }

        gateway.Wait(() => Costs().Length == 3, "the rules were not priced");
        Assert.Equal(["test.encoded literal 0 1", "test.pattern dfa 3 0", "test.rare dfa 1 0"], Costs());
        gateway.Terminate();
        Assert.Equal(0, gateway.WaitForExit());
    }

    private static (int ExitCode, string Out, string Error) Explain(string folder, byte[] payload)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "sensor-gateway.dll"), "explain", "--rules", "rules.yaml"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.BaseStream.Write(payload);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "explain does not end");
        return (process.ExitCode, output.Result, error);
    }
}
