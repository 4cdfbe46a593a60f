namespace SensorGateway.IntegrationTests.PerfGate;

/// <summary>The gate with real workers: one build against itself, as it is and slowed. Ratios only, with a wide threshold.</summary>
public sealed class GateProcessTests : IDisposable
{
    private static readonly string[] Tiny =
    [
        "--scenario", "harness.steady", "--launches", "3", "--pairs", "8", "--slice-ms", "10", "--warm-up-ms", "100",
        "--threshold", "1.5",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sg-gate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Compare_OfABuildWithItself_PassesItsProofAndTheGate()
    {
        var (html, markdown) = (Path.Combine(_folder.FullName, "gate.html"), Path.Combine(_folder.FullName, "gate.md"));
        var run = Compare(
            "--proof-inject", "200", "--html", html, "--markdown", markdown, "--record", _folder.FullName, "--git-sha", new string('a', 40));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("sound", run.Output, StringComparison.Ordinal);
        Assert.Contains("<svg", File.ReadAllText(html), StringComparison.Ordinal);
        Assert.Contains("| harness.steady |", File.ReadAllText(markdown), StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.OfGate("validate", _folder.FullName).ExitCode);
    }

    [Fact]
    public void Compare_WithASlowedBuild_IsRedAndNamesTheScenario()
    {
        var run = Compare("--no-proof", "--inject-new", "200");

        Assert.True(run.ExitCode == 1, run.Output);
        Assert.Contains("regression: harness.steady p95", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_WhenTheSlowedTwinIsNotSlow_IsInconclusive()
    {
        var run = Compare("--proof-inject", "0");

        Assert.True(run.ExitCode == 2, run.Output);
        Assert.Contains("inconclusive: the gate failed its own proof", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_WithAFolderThatHoldsNoBuild_IsInconclusiveAndSaysWhatToBuild()
    {
        var run = CommandRun.OfGate(["compare", "--old", _folder.FullName, "--new", CommandRun.Harness, .. Tiny]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("build benchmarks/SensorGateway.Benchmarks", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_StoppedAndStartedAgain_MeasuresOnlyTheRest()
    {
        var log = Path.Combine(_folder.FullName, "study.ndjson");
        string[] study =
            ["statistics", "--new", CommandRun.Harness, "--log", log, "--inject", "200", "--injected-runs", "1", .. Tiny];

        var first = CommandRun.OfGate([.. study, "--self-runs", "0"]);
        var second = CommandRun.OfGate([.. study, "--self-runs", "1"]);

        Assert.True(first.ExitCode == 0, first.Output);
        Assert.Contains("1 runs done, 1 to do", second.Output, StringComparison.Ordinal);
        Assert.Contains("| harness.steady | none | +200 % | 1 | 1 (100 %)", second.Output, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(log).Length);
    }

    [Theory]
    [InlineData(64, "compare needs")]
    [InlineData(64, "compare needs", "compare")]
    [InlineData(64, "--scenario nothing.here", "compare", "--old", "HARNESS", "--new", "HARNESS", "--scenario", "nothing.here")]
    [InlineData(64, "no folder /nowhere", "compare", "--old", "/nowhere", "--new", "HARNESS")]
    [InlineData(64, "--git-sha", "compare", "--old", "HARNESS", "--new", "HARNESS", "--record", "/tmp")]
    [InlineData(64, "is unknown", "judge")]
    [InlineData(0, "example:", "--help")]
    public void Gate_WithACommandLine_ExitsAsItsHelpSays(int exitCode, string says, params string[] args)
    {
        var run = CommandRun.OfGate([.. args.Select(arg => arg == "HARNESS" ? CommandRun.Harness : arg)]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(args.Length == 0 ? "usage:" : says, run.Output, StringComparison.Ordinal);
    }

    private static CommandRun Compare(params string[] options) =>
        CommandRun.OfGate(["compare", "--old", $"before={CommandRun.Harness}", "--new", $"after={CommandRun.Harness}", .. Tiny, .. options]);
}
