using System.Text.Json;

namespace SensorGateway.IntegrationTests.PerfGate;

/// <summary>Each kind of scenario as the gate runs it: sets up, checks its own answer, measures, counts its bytes.</summary>
public sealed class ScenarioTests
{
    [Theory]
    [InlineData("detect.pack-74.attack", true)]
    [InlineData("detect.pack-74.cached", true)]
    [InlineData("detect.synthetic-1000.events", true)]
    [InlineData("ingest.length-prefixed", true)]
    [InlineData("ingest.newline", true)]
    [InlineData("publish.discard", true)]
    [InlineData("publish.nats", true)]
    [InlineData("e2e.100-rules.1000", false)]
    public void Scenario_AsAWorker_MeasuresAndAllocatesNothing(string name, bool tellsBytes)
    {
        var run = Work(name, "slice 100\nallocation\ntotal\nquit\n", "--warm-up-ms", "200");

        Assert.True(run.ExitCode == 0, run.Output);
        var answers = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(4, answers.Count);
        Assert.Equal(name, answers[0].GetProperty("name").GetString());
        Assert.True(answers[1].GetProperty("count").GetInt64() > 0);
        Assert.InRange(answers[1].GetProperty("p50").GetDouble(), 1, answers[1].GetProperty("p95").GetDouble());
        Assert.Equal(tellsBytes, answers[2].GetProperty("operations").GetInt64() > 0);
        Assert.Equal(0, answers[2].GetProperty("bytes").GetInt64());
        Assert.NotEqual(0, answers[3].GetProperty("buckets").GetArrayLength());
    }

    [Fact]
    public void Worker_WhoseGateIsGone_Ends()
    {
        var run = Work("harness.steady", "", "--warm-up-ms", "10");

        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData("no.such")]
    [InlineData("harness.steady", "--surprise", "1")]
    [InlineData("harness.steady", "--cpu")]
    [InlineData("harness.steady", "--cpu", "first")]
    public void Worker_WithABadCommandLine_SaysSo(params string[] args)
    {
        var run = CommandRun.Of("dotnet", [Path.Combine(CommandRun.Harness, "SensorGateway.Benchmarks.dll"), "scenario", .. args]);

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("--cpu", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Worker_OnACpuThatIsNotThere_NamesTheAllowedOnes()
    {
        var run = Work("harness.steady", "quit\n", "--warm-up-ms", "10", "--cpu", "1023");

        Assert.Equal(70, run.ExitCode);
        Assert.Contains("this process may use", run.Output, StringComparison.Ordinal);
    }

    private static CommandRun Work(string name, string input, params string[] options) => CommandRun.Of(
        "dotnet", [Path.Combine(CommandRun.Harness, "SensorGateway.Benchmarks.dll"), "scenario", name, .. options], input: input);
}
