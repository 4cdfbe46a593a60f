using System.ComponentModel;
using System.Text.RegularExpressions;
using SensorGateway.IntegrationTests.PerfGate;
using SensorGateway.TestKit.Workflows;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Scripts;

/// <summary>Every script, and every piece of script in a workflow, as far as it can be judged without running it.</summary>
public sealed partial class ScriptTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files =>
        [.. Scripts().Append(Path.Combine(CommandRun.Root, ".ci", "run")).Select(file => Path.GetRelativePath(CommandRun.Root, file))];

    /// <summary>Those that are run, not sourced.</summary>
    public static TheoryData<string> Programs =>
        [.. Scripts().Select(file => Path.GetRelativePath(CommandRun.Root, file)).Where(file => !file.EndsWith("find-nats-server.sh", StringComparison.Ordinal) && !file.EndsWith("builds.sh", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Script_IsSound(string file)
    {
        AssertGood(CommandRun.Of("bash", ["-n", file], CommandRun.Root));
        AssertGood(ShellCheck(["-x", file]));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Script_AskedForHelp_GivesAnExample(string file)
    {
        var run = CommandRun.Of("bash", [file, "--help"], CommandRun.Root);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("example:", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ci.yml")]
    [InlineData("perf-nightly.yml")]
    public void Workflow_HoldsSoundScripts(string name)
    {
        var lint = WorkflowLint.Check(File.ReadAllText(Path.Combine(CommandRun.Root, ".github", "workflows", name)), CommandRun.Root);
        Assert.NotEmpty(lint.Scripts);
        var file = Path.GetTempFileName();
        try
        {
            foreach (var script in lint.Scripts)
            {
                File.WriteAllText(file, "#!/usr/bin/env bash\n" + Expression().Replace(script.Script, "value") + "\n");

                AssertGood(CommandRun.Of("bash", ["-n", file]), script.Place);

                // Sourced files are checked on their own.
                AssertGood(ShellCheck(["--exclude=SC1091", file]), script.Place);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> Scripts() => new[] { "tests", "services", "benchmarks" }
        .SelectMany(folder => Directory.GetFiles(Path.Combine(CommandRun.Root, folder), "*.sh"))
        .Order(StringComparer.Ordinal);

    private CommandRun ShellCheck(string[] args)
    {
        try
        {
            return CommandRun.Of("shellcheck", args, CommandRun.Root);
        }
        catch (Win32Exception)
        {
            output.WriteLine("shellcheck is not installed, so only the syntax was checked; the workflow runs it");
            return new CommandRun(0, "");
        }
    }

    private static void AssertGood(CommandRun run, string place = "") => Assert.True(run.ExitCode == 0, place + run.Output);

    [GeneratedRegex(@"\$\{\{.*?\}\}")]
    private static partial Regex Expression();
}
