using SensorGateway.PerfGate.Duet;
using SensorGateway.PerfGate.Protocol;
using SensorGateway.PerfGate.Reports;

namespace SensorGateway.Tests.PerfGate;

public sealed class GateRunTests
{
    private static readonly Build Old = new("day-7", "nowhere");
    private static readonly Build New = new("tonight", "elsewhere");

    [Fact]
    public void Run_WithEqualBuilds_Passes()
    {
        var result = Run(new SyntheticMachine(1).Launch, New);

        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.Equal(["detect", "publish"], result.Proofs.Select(proof => proof.Family));
        Assert.All(result.Proofs, proof => Assert.True(proof.IsSound));
        Assert.StartsWith("pass", TextReport.Summary(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithASlowerBuild_IsARegressionThatNamesTheScenario()
    {
        var machine = new SyntheticMachine(1);
        LaunchResult Launch(Build a, Build b, string scenario, DuetPlan plan) =>
            machine.Launch(a, b.Name == New.Name && scenario == "detect.b" ? b with { InjectPercent = 20 } : b, scenario, plan);
        var result = Run(Launch, New);

        Assert.Equal(Verdict.Regression, result.Verdict);
        Assert.Equal("detect.b", Assert.Single(result.Regressions).Scenario);
        Assert.Contains("detect.b p95", TextReport.Summary(result), StringComparison.Ordinal);
        Assert.Contains("WORSE", MarkdownReport.Write(result), StringComparison.Ordinal);
        Assert.Contains("detect.b / day-7", HtmlReport.Write(result, new DuetPlan()), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WhenInjectedWorkIsNotFound_IsInconclusive()
    {
        var machine = new SyntheticMachine(1);
        LaunchResult Launch(Build a, Build b, string scenario, DuetPlan plan) =>
            machine.Launch(a, b with { InjectPercent = 0 }, scenario, plan);

        Assert.Equal(Verdict.Inconclusive, Run(Launch, New).Verdict);
    }

    [Fact]
    public void Run_WhenABuildSeemsSlowerThanItself_TrustsNoRegressionOfThatFamily()
    {
        var machine = new SyntheticMachine(1);

        // This machine makes whatever comes second slow, in detect alone.
        LaunchResult Launch(Build a, Build b, string scenario, DuetPlan plan) => machine.Launch(
            a, scenario[0] == 'd' ? b with { InjectPercent = b.InjectPercent + 30 } : b, scenario, plan);
        var result = Run(Launch, New);

        Assert.Equal(Verdict.Inconclusive, result.Verdict);
        Assert.Empty(result.Regressions);
        Assert.Contains("proof in detect", TextReport.Summary(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WhenOneFamilyFailsItsProof_StillReportsRegressionsOfTheOther()
    {
        var machine = new SyntheticMachine(1);
        LaunchResult Launch(Build a, Build b, string scenario, DuetPlan plan) => machine.Launch(
            a, scenario[0] == 'd' || b.Name == New.Name ? b with { InjectPercent = b.InjectPercent + 30 } : b, scenario, plan);
        var result = Run(Launch, New);

        Assert.Equal(Verdict.Regression, result.Verdict);
        Assert.All(result.Regressions, duet => Assert.Equal("publish.c", duet.Scenario));
    }

    [Fact]
    public void Run_WithAScenarioThatTheOldBuildLacks_ListsItUnjudged()
    {
        var result = new GateRun(new DuetRun(new DuetPlan(), new SyntheticMachine(1).Launch), 15)
            .Run(New, [(Old, [Scenario("detect.a")])], [Scenario("detect.a"), Scenario("detect.new")], int.MaxValue);

        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.Equal("detect.new", Assert.Single(result.NotJudged).Scenario);
        Assert.Contains("not judged: detect.new", TextReport.Write(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithNothingInCommon_IsInconclusive()
    {
        var result = new GateRun(new DuetRun(new DuetPlan(), new SyntheticMachine(1).Launch), 15)
            .Run(New, [(Old, [Scenario("detect.a")])], [Scenario("detect.new")], int.MaxValue);

        Assert.Equal(Verdict.Inconclusive, result.Verdict);
    }

    [Fact]
    public void Run_WhenAWorkerDies_IsInconclusiveAndSaysWhy()
    {
        static LaunchResult Launch(Build a, Build b, string scenario, DuetPlan plan) => throw new WorkerException("it fell over");
        var result = Run(Launch, New);

        Assert.Equal(Verdict.Inconclusive, result.Verdict);
        Assert.Contains("it fell over", TextReport.Write(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Verdict_IsTheExitCodeOfTheContract() =>
        Assert.Equal([0, 1, 2], new[] { Verdict.Pass, Verdict.Regression, Verdict.Inconclusive }.Select(verdict => (int)verdict));

    internal static GateResult Run(Func<Build, Build, string, DuetPlan, LaunchResult> launch, Build newBuild)
    {
        ScenarioInfo[] scenarios = [Scenario("detect.a"), Scenario("detect.b"), Scenario("publish.c")];
        return new GateRun(new DuetRun(new DuetPlan(), launch), proofPercent: 15)
            .Run(newBuild, [(Old, scenarios)], scenarios, int.MaxValue);
    }

    private static ScenarioInfo Scenario(string name) => new() { Protocol = ScenarioInfo.ProtocolVersion, Name = name };
}
