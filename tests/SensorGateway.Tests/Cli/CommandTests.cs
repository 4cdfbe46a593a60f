using SensorGateway.Configuration.Schema;

namespace SensorGateway.Tests.Cli;

public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("run")]
    [InlineData("demo")]
    [InlineData("check")]
    [InlineData("replay")]
    [InlineData("explain")]
    [InlineData("rules", "list")]
    [InlineData("rules", "cost")]
    [InlineData("tail")]
    [InlineData("status")]
    [InlineData("version")]
    [InlineData("bench", "detect")]
    [InlineData("bench", "publish")]
    [InlineData("bench", "host")]
    [InlineData("config", "show")]
    [InlineData("config", "schema")]
    [InlineData("metrics", "reference")]
    public async Task Help_OfEveryVerb_HasAnExample(params string[] verb)
    {
        var result = await CommandRunner.RunAsync([.. verb, "--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"Examples?:\n  (printf .*\| )?sensor-gateway " + string.Join(' ', verb), result.Out.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("sensor-gateway: Required command was not provided; see sensor-gateway --help.\n")]
    [InlineData("sensor-gateway: Unrecognized command or argument 'bogus'; see sensor-gateway version --help.\n", "version", "bogus")]
    [InlineData("sensor-gateway: Required argument missing for command: 'replay'; see sensor-gateway replay --help.\n", "replay")]
    [InlineData("No rules are named; add --rules PATH, such as --rules rules/.\n", "replay", "x.frames")]
    [InlineData("sensor-gateway: --size is 0; use 1 to 524288; see sensor-gateway bench publish --help.\n", "bench", "publish", "--size", "0")]
    [InlineData("No rules are named; add --rules PATH, such as --rules rules/, or -c gateway.yaml for those of a configuration.\n", "explain", "x.bin")]
    [InlineData("Rules are named twice, by --rules and by --config; leave one out.\n", "explain", "--rules", "rules/", "-c", "gateway.yaml", "x.bin")]
    [InlineData("Rules are named twice, by --hashes and by --config; leave one out.\n", "rules", "cost", "-c", "gateway.yaml", "--hashes", "bad.txt")]
    [InlineData("Rules are named twice, by --rules and by --config; leave one out.\n", "rules", "list", "-c", "gateway.yaml", "--rules", "rules/")]
    [InlineData("sensor-gateway: --top is 0; use 1 to 100000; see sensor-gateway rules cost --help.\n", "rules", "cost", "--top", "0")]
    [InlineData("sensor-gateway: --cost-budget is -1; use 0 to 2147483647 nanoseconds; see sensor-gateway check --help.\n", "check", "--cost-budget", "-1")]
    [InlineData("--nats: the host is missing; write nats://host:4222.\n", "tail", "--nats", "nats://")]
    [InlineData("--url is 'no url'; write it like http://127.0.0.1:9464.\n", "status", "--url", "no url")]
    public async Task CommandLine_WithMistake_ExitsWith64AndSaysWhatToDo(string error, params string[] args)
    {
        var result = await CommandRunner.RunAsync(args);

        Assert.Equal((ExitCodes.Usage, "", error), (result.ExitCode, result.Out, result.Error.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task Replay_WithBadRules_ExitsWith2AndNamesThePlace()
    {
        var rules = _folder.Write("bad.yaml", "rules:\n  - id: a\n    severity: grave\n    match: { literal: x }\n");

        var result = await CommandRunner.RunAsync("replay", "--rules", rules, "x.frames");

        Assert.Equal((ExitCodes.BadRules, ""), (result.ExitCode, result.Out));
        Assert.Matches(@"bad\.yaml:3:\d+: .*grave", result.Error);
    }

    [Fact]
    public async Task Replay_OfMissingFile_ExitsWith66()
    {
        var rules = _folder.Write("r.yaml", "rules:\n  - id: a\n    match: { literal: x }\n");

        var result = await CommandRunner.RunAsync("replay", "--rules", rules, "/nowhere/x.frames");

        Assert.Equal(
            (ExitCodes.BadInput, "/nowhere/x.frames: cannot be read (no such folder); name a file of payloads."),
            (result.ExitCode, result.Error.TrimEnd()));
    }

    [Fact]
    public async Task Replay_WithFailOnAlert_ExitsWith1OnlyWhenSomethingMatched()
    {
        var rules = _folder.Write("r.yaml", "rules:\n  - id: a\n    match: { literal: x }\n");
        var clean = _folder.Write("clean.txt", "y\n");
        var dirty = _folder.Write("dirty.txt", "y\nx\x1b[31m\n");

        var cleanResult = await CommandRunner.RunAsync("replay", "--rules", rules, clean, "--fail-on-alert");
        var dirtyResult = await CommandRunner.RunAsync("replay", "--rules", rules, dirty, "--fail-on-alert");

        Assert.Equal((0, "0 of 1 payloads matched.\n"), (cleanResult.ExitCode, cleanResult.Out));
        Assert.Equal((ExitCodes.Negative, "#1 medium   a  x\\x1b[31m\n1 of 2 payloads matched.\n"), (dirtyResult.ExitCode, dirtyResult.Out));
    }

    [Fact]
    public async Task ConfigShow_OfBadConfig_ExitsWith3AndListsEverything()
    {
        var config = _folder.Write("g.yaml", "rings: {}\nlog: { level: loud }\n");

        var result = await CommandRunner.RunAsync("config", "show", "-c", config);

        Assert.Equal((ExitCodes.BadConfig, ""), (result.ExitCode, result.Out));
        Assert.Equal(3, result.Error.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task Check_OfBundledSample_IsFine()
    {
        var sample = Path.Combine(AppContext.BaseDirectory, "gateway.yaml");

        var result = await CommandRunner.RunAsync("check", "-c", sample, "--no-environment");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void BundledSample_ShowsEveryKeyWithItsDefault()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "gateway.yaml"));
        var sample = Configuration.Configs.Load(text);

        Assert.Empty(sample.Problems);
        var defaults = Configuration.Configs.Load(Configuration.Configs.OneSource);
        foreach (var value in defaults.Settings.All)
        {
            Assert.Equal(value.Shown, sample.Settings.Find(value.Path)!.Shown);
            Assert.NotEqual("default", sample.Settings.Find(value.Path)!.Origin);
        }

        Assert.All(
            ConfigSchema.BySourceName.Values.Where(key => key.IsBuilt),
            key => Assert.Contains($"{key.Name}:", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_SaysIt() =>
        Assert.Matches(@"\Asensor-gateway \d+\.\d+\.\d+ \(\.NET \d+\.\d+\.\d+\)\n\z", (await CommandRunner.RunAsync("version")).Out);
}
