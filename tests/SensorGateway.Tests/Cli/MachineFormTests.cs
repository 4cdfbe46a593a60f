using System.Text.Json;
using SensorGateway.Cli.Benching;
using SensorGateway.Tests.Golden;

namespace SensorGateway.Tests.Cli;

/// <summary>What scripts read, byte for byte.</summary>
public sealed class MachineFormTests : IDisposable
{
    private const string Rules =
        """
        rules:
          - id: b.script
            title: Script tag
            severity: high
            match: { regex: '(?i)<script[\s>]' }
          - id: a.passwd
            title: Account file
            match: { literal: '/etc/passwd' }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replay_AsJson_IsPinned()
    {
        var rules = _folder.Write("rules.yaml", Rules);
        var frames = _folder.Write("x.frames", PayloadFileTests.Frames(
            "harmless"u8.ToArray(), "<SCRIPT>/etc/passwd"u8.ToArray(), [0, 255], "cat /etc/passwd"u8.ToArray()));

        var result = await CommandRunner.RunAsync("replay", "--rules", rules, frames, "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        GoldenFile.Verify("replay-json", result.Out);
    }

    [Fact]
    public async Task Replay_WithHashList_ReportsItAsARule()
    {
        var hashes = _folder.Write("bad.txt", "315f5bdb76d078c43b8ac0064e4a0164612b1fce77c869345bfc94c75894edd3 greeting\n");
        var lines = _folder.Write("x.txt", "other\nHello, world!\n");

        var result = await CommandRunner.RunAsync("replay", "--hashes", hashes, lines, "--json");

        Assert.Equal("{\"index\":1,\"rules\":[\"ioc.bad\"]}\n{\"payloads\":2,\"matched\":1}\n", result.Out);
    }

    [Fact]
    public async Task BenchDetect_AsJson_HasThePinnedFields()
    {
        var rules = _folder.Write("rules.yaml", Rules);
        var lines = _folder.Write("x.txt", "harmless\n<script>\ncat /etc/passwd\n");

        var result = await CommandRunner.RunAsync("bench", "detect", "--rules", rules, "-p", lines, "--passes", "3", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        GoldenFile.Verify("bench-detect-fields", Fields(result.Out));
        using var json = JsonDocument.Parse(result.Out);
        Assert.Equal(2, json.RootElement.GetProperty("matches").GetInt64());
        Assert.Equal(3, json.RootElement.GetProperty("passes").GetInt32());
        Assert.Equal(31, json.RootElement.GetProperty("bytes").GetInt64());
        Assert.Equal(0, json.RootElement.GetProperty("allocated_bytes_per_payload").GetDouble());
        Assert.True(json.RootElement.GetProperty("ns_per_payload").GetDouble() > 0);
        Assert.True(json.RootElement.GetProperty("rss_mb").GetDouble() > 1);
    }

    [Fact]
    public void BenchPublish_AsJson_HasThePinnedFields() =>
        GoldenFile.Verify("bench-publish-fields", Fields(JsonSerializer.Serialize(
            new PublishResult
            {
                Rate = 1,
                CpuNsPerAlert = 1,
                SentP50Us = 1,
                SentP95Us = 1,
                SentP99Us = 1,
                AllocatedBytesPerAlert = 0,
                Count = 1,
                Size = 1,
                Connections = 4,
                ConnectionsActive = 1,
                AlertsPerBatch = 10,
                Delivery = "fenced",
                Driver = "wire",
                Tls = false,
                CeilingRate = 2_000_000,
                RatioToCeiling = 0.75,
                Delivered = 1,
            },
            BenchJson.Default.PublishResult)));

    [Fact]
    public async Task Check_AsJson_IsPinned()
    {
        _folder.Write("rules/r.yaml", Rules);
        var config = _folder.Write("gateway.yaml", Configuration.Configs.OneSource);

        var result = await CommandRunner.RunAsync("check", "-c", config, "--no-environment", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        GoldenFile.Verify("check-json", Anonymous(result.Out));
    }

    [Fact]
    public async Task Check_OfBadConfigAsJson_IsPinned()
    {
        var config = _folder.Write("gateway.yaml", Configuration.Configs.OneSource + "ring: { slot: 5 }\n");

        var result = await CommandRunner.RunAsync("check", "-c", config, "--no-environment", "--json");

        Assert.Equal((ExitCodes.BadConfig, ""), (result.ExitCode, result.Error));
        GoldenFile.Verify("check-bad-config-json", Anonymous(result.Out));
    }

    [Fact]
    public async Task ConfigShow_IsPinned()
    {
        var config = _folder.Write(
            "gateway.yaml",
            "gateway: { name: edge-1 }\nprofile: low-latency\n" + Configuration.Configs.OneSource
            + "publishing: { auth: { user: me, password: secret }, servers: [nats://a:1, nats://b] }\n");

        var result = await CommandRunner.RunAsync("config", "show", "-c", config, "--set", "ring.slots=8192");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.DoesNotContain("secret", result.Out, StringComparison.Ordinal);
        GoldenFile.Verify("config-show", Anonymous(result.Out));
    }

    private string Anonymous(string text) => text.Replace(_folder.Path, "FOLDER", StringComparison.Ordinal);

    /// <summary>The names in order, one a line, without the numbers of this run.</summary>
    private static string Fields(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        return string.Concat(parsed.RootElement.EnumerateObject().Select(field => $"{field.Name} {field.Value.ValueKind}\n"));
    }
}
