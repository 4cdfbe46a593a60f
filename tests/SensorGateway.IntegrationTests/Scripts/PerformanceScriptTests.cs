namespace SensorGateway.IntegrationTests.Scripts;

/// <summary>The scripts that the nightly workflow calls, run whole on a repository with a history.</summary>
public sealed class PerformanceScriptTests : IDisposable
{
    private static readonly string[] Tiny =
    [
        "--scenario", "harness.steady", "--", "--launches", "3", "--pairs", "8", "--slice-ms", "10", "--warm-up-ms", "100",
        "--threshold", "1.5", "--proof-inject", "200",
    ];

    private readonly HistoryFolder _history = new();

    public void Dispose() => _history.Dispose();

    [Fact]
    public void CommitOfDay_IsTheNewestThatIsOldEnough()
    {
        _history.Commit(daysAgo: 20, withHarness: true);
        var week = _history.Commit(daysAgo: 8, withHarness: true);
        var days = _history.Commit(daysAgo: 3, withHarness: true);
        _history.Commit(daysAgo: 0, withHarness: true);

        Assert.Equal(week, _history.Ask("commit_of_day main 7"));
        Assert.Equal(days, _history.Ask("commit_of_day main 1"));
    }

    [Fact]
    public void CommitOfDay_WhileMainIsYoung_IsTheOldestWithTheHarness()
    {
        _history.Commit(daysAgo: 9, withHarness: false);
        var first = _history.Commit(daysAgo: 3, withHarness: true);
        var later = _history.Commit(daysAgo: 2, withHarness: true);
        _history.Commit(daysAgo: 0, withHarness: true);

        Assert.Equal(first, _history.Ask("commit_of_day main 7"));
        Assert.Equal(later, _history.Ask("commit_of_day main 1"));
    }

    [Fact]
    public void Nightly_OfEqualBuilds_IsGreenAndLeavesAllItsReports()
    {
        _history.Commit(daysAgo: 3, withHarness: true);
        _history.Commit(daysAgo: 1, withHarness: true);
        var now = _history.Commit(daysAgo: 0, withHarness: true);

        var run = _history.Script("nightly.sh", ["--no-profile", "--note", "made by a test", .. Tiny]);

        Assert.True(run.ExitCode == 0, run.Output);
        foreach (var report in (string[])["gate.html", "summary.md", "trend.svg"])
        {
            Assert.True(File.Exists(_history.At("artifacts", "perf", "nightly", report)), report + " is missing\n" + run.Output);
        }

        var summary = File.ReadAllText(_history.At("artifacts-summary.md"));
        Assert.Contains("day-7", summary, StringComparison.Ordinal);
        Assert.Contains("day-1", summary, StringComparison.Ordinal);
        var record = Assert.Single(Directory.GetFiles(_history.At("perf-baselines"), "*.json", SearchOption.AllDirectories));
        Assert.Contains(now, File.ReadAllText(record), StringComparison.Ordinal);
        Assert.Contains("<svg", File.ReadAllText(_history.At("perf-baselines", "trend.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void Nightly_OfASlowedBuild_IsRed()
    {
        _history.Commit(daysAgo: 1, withHarness: true);

        var run = _history.Script("nightly.sh", ["--no-profile", .. Tiny, "--inject-new", "200"]);

        Assert.True(run.ExitCode == 1, run.Output);
        Assert.Contains("regression: harness.steady", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Gate_AgainstACommit_PassesAndDrawsItsChart()
    {
        var commit = _history.Commit(daysAgo: 2, withHarness: true);

        var run = _history.Script("gate.sh", ["--baseline", commit, "--full", .. Tiny]);

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.True(File.Exists(_history.At("artifacts", "perf", "gate.html")));
    }

    [Theory]
    [InlineData(64, "--baseline is missing")]
    [InlineData(64, "no-such is no commit", "--baseline", "no-such")]
    [InlineData(64, "--surprise is unknown", "--surprise")]
    [InlineData(64, "--baseline needs a value", "--baseline")]
    [InlineData(3, "has no harness", "--baseline", "HEAD")]
    [InlineData(3, "cannot be measured", "--nightly")]
    public void Gate_ThatCannotCompare_SaysWhy(int exitCode, string says, params string[] args)
    {
        var commit = _history.Commit(daysAgo: 2, withHarness: false);
        Directory.Delete(_history.At("builds", commit));

        var run = _history.Script("gate.sh", args);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(says, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void CommitTrend_PushesWhatIsNew_AndNothingElse()
    {
        _history.Commit(daysAgo: 0, withHarness: true);
        var remote = Directory.CreateTempSubdirectory("sg-remote-");
        try
        {
            _history.Git("init", "--quiet", "--bare", "--initial-branch=main", remote.FullName);
            _history.Git("remote", "add", "origin", remote.FullName);
            _history.Git("push", "--quiet", "origin", "main");
            File.WriteAllText(_history.At("perf-baselines", "trend.svg"), "<svg/>");
            File.WriteAllText(_history.At("unrelated"), "stays here");

            var first = _history.Script("commit-trend.sh");
            var second = _history.Script("commit-trend.sh");

            Assert.True(first.ExitCode == 0, first.Output);
            Assert.Contains("nothing new", second.Output, StringComparison.Ordinal);
            var files = _history.Git("--git-dir", remote.FullName, "ls-tree", "-r", "--name-only", "main").Output;
            Assert.Contains("perf-baselines/trend.svg", files, StringComparison.Ordinal);
            Assert.DoesNotContain("unrelated", files, StringComparison.Ordinal);
        }
        finally
        {
            remote.Delete(recursive: true);
        }
    }

    [Fact]
    public void CommitTrend_WithAFileThatIsNotSound_CommitsNothing()
    {
        var commit = _history.Commit(daysAgo: 0, withHarness: true);
        File.WriteAllText(_history.At("perf-baselines", "2026-11-21.json"), """{"schema":2}""");

        var run = _history.Script("commit-trend.sh");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(commit, _history.Git("rev-parse", "HEAD").Output.Trim());
    }
}
