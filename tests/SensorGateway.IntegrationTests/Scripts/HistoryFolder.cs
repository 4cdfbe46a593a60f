using System.Globalization;
using SensorGateway.IntegrationTests.PerfGate;

namespace SensorGateway.IntegrationTests.Scripts;

/// <summary>
/// A git repository with the performance scripts, a history with dates, and this build in the place of every commit's own:
/// the scripts run as they are, without minutes of building.
/// </summary>
internal sealed class HistoryFolder : IDisposable
{
    private const string Marker = "benchmarks/SensorGateway.Benchmarks/Scenarios/ScenarioCommand.cs";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sg-history-");

    public HistoryFolder()
    {
        Directory.CreateDirectory(At("benchmarks"));
        Directory.CreateDirectory(At("perf-baselines"));
        foreach (var script in Directory.GetFiles(Path.Combine(CommandRun.Root, "benchmarks"), "*.sh"))
        {
            File.Copy(script, At("benchmarks", Path.GetFileName(script)));
        }

        File.WriteAllText(At(".gitignore"), "builds/\nbin/\nartifacts/\n");
        Git("init", "--quiet", "--initial-branch=main");
        foreach (var project in (string[])["SensorGateway.Benchmarks", "SensorGateway.PerfGate"])
        {
            // Where the scripts look for the build of the work tree, whatever configuration these tests have.
            Directory.CreateDirectory(At("benchmarks", project, "bin", "Release"));
            Directory.CreateSymbolicLink(At("benchmarks", project, "bin", "Release", "net10.0"), CommandRun.OutputOf(project));
        }
    }

    public string Root => _folder.FullName;

    /// <summary>Commits something; the commit can be measured from the first one with a harness on.</summary>
    public string Commit(int daysAgo, bool withHarness)
    {
        File.WriteAllText(At("change"), daysAgo.ToString(CultureInfo.InvariantCulture));
        if (withHarness)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(Marker))!);
            File.WriteAllText(At(Marker), "// here");
        }

        // A little over, so that "a day ago" includes it.
        var date = DateTimeOffset.UtcNow.AddDays(-daysAgo).AddMinutes(-5).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        Git("add", "--all");
        Run("git", ["commit", "--quiet", "--message", $"{daysAgo} days ago"], ("GIT_COMMITTER_DATE", date), ("GIT_AUTHOR_DATE", date));
        var commit = Git("rev-parse", "HEAD").Output.Trim();
        Directory.CreateDirectory(At("builds"));
        Directory.CreateSymbolicLink(At("builds", commit), CommandRun.Harness);
        return commit;
    }

    public CommandRun Script(string name, params string[] args) => CommandRun.Of("bash", [At("benchmarks", name), .. args], Root, "", Environment());

    /// <summary>Calls a function of builds.sh.</summary>
    public string Ask(string call)
    {
        var run = Run("bash", ["-c", $"set -eu; root='{Root}'; . benchmarks/builds.sh; {call}"]);
        Assert.True(run.ExitCode == 0, run.Output);
        return run.Output.Trim();
    }

    public CommandRun Git(params string[] args)
    {
        var run = Run("git", args);
        Assert.True(run.ExitCode == 0, run.Output);
        return run;
    }

    public string At(params string[] parts) => Path.Combine([Root, .. parts]);

    public void Dispose() => _folder.Delete(recursive: true);

    private CommandRun Run(string program, string[] args, params (string Name, string Value)[] more) =>
        CommandRun.Of(program, args, Root, "", [.. Environment(), .. more]);

    private (string Name, string Value)[] Environment() =>
    [
        ("SENSORGATEWAY_PERF_NO_BUILD", "1"),
        ("SENSORGATEWAY_PERF_BUILDS", At("builds")),
        ("SENSORGATEWAY_PERF_GATE", CommandRun.Gate),
        ("GIT_AUTHOR_NAME", "tests"),
        ("GIT_AUTHOR_EMAIL", "tests@localhost"),
        ("GIT_COMMITTER_NAME", "tests"),
        ("GIT_COMMITTER_EMAIL", "tests@localhost"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GITHUB_STEP_SUMMARY", At("artifacts-summary.md")),
    ];
}
