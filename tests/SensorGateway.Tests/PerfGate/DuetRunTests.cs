using SensorGateway.PerfGate.Duet;

namespace SensorGateway.Tests.PerfGate;

/// <summary>The gate's arithmetic on machines whose truth is known.</summary>
public sealed class DuetRunTests
{
    private const int Nights = 1_000;

    private static readonly Build Old = new("old", "nowhere");
    private static readonly Build New = new("new", "nowhere");

    [Fact]
    public void Run_OfABuildAgainstItself_RaisesNoAlarmInAThousandNights() => Assert.Equal(0, Alarms(injected: 0));

    [Fact]
    public void Run_WithFifteenPercentMoreWork_IsFoundNearlyAlways() => Assert.InRange(Alarms(injected: 15), Nights * 0.97, Nights);

    [Fact]
    public void Run_WithTwentyFivePercentMoreWork_IsFoundAlways() => Assert.Equal(Nights, Alarms(injected: 25));

    [Fact]
    public void Run_WithFivePercentMoreWork_IsNoRegression() => Assert.InRange(Alarms(injected: 5), 0, Nights * 0.005);

    [Fact]
    public void Run_OfAFasterBuild_Passes()
    {
        var machine = new SyntheticMachine(1);
        var result = new DuetRun(new DuetPlan(), machine.Launch).Run(Old with { InjectPercent = 30 }, New, "s");

        Assert.False(result.IsRegression);
        Assert.InRange(result.P95Ratio, 0.6, 0.9);
    }

    [Fact]
    public void Run_WithoutSuspicion_IsNotRepeated()
    {
        var machine = new SyntheticMachine(1, processSpread: 0, sliceSpread: 0);
        var result = new DuetRun(new DuetPlan { Launches = 3 }, machine.Launch).Run(Old, New, "s");

        Assert.False(result.WasRepeated);
        Assert.Equal(3, machine.Launches);
    }

    [Fact]
    public void Run_WhoseSuspicionIsNotConfirmed_Passes()
    {
        var launches = 0;
        var machine = new SyntheticMachine(1, processSpread: 0, sliceSpread: 0);

        // Slow in the first five launches, as when a neighbour sits on the new build's turns; then not.
        LaunchResult Launch(Build a, Build b, string s, DuetPlan p) =>
            machine.Launch(a, ++launches <= 5 ? b with { InjectPercent = 50 } : b, s, p);
        var result = new DuetRun(new DuetPlan(), Launch).Run(Old, New, "s");

        Assert.True(result.WasRepeated);
        Assert.False(result.IsRegression);
        Assert.Equal(10, launches);
    }

    [Fact]
    public void Run_WithOneWildLaunch_IsNotFooled()
    {
        var launches = 0;
        var machine = new SyntheticMachine(1, processSpread: 0, sliceSpread: 0);
        LaunchResult Launch(Build a, Build b, string s, DuetPlan p) =>
            machine.Launch(a, ++launches % 5 == 0 ? b with { InjectPercent = 900 } : b, s, p);

        Assert.False(new DuetRun(new DuetPlan(), Launch).Run(Old, New, "s").IsRegression);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 0.5, true)]
    [InlineData(100, 100, false)]
    [InlineData(100, 100.5, false)]
    [InlineData(100, 104, true)]
    [InlineData(104, 100, false)]
    public void Run_JudgesAllocatedBytesExactly(double oldBytes, double newBytes, bool isWorse)
    {
        var machine = new SyntheticMachine(1, processSpread: 0) { Bytes = (oldBytes, newBytes) };
        var result = new DuetRun(new DuetPlan(), machine.Launch).Run(Old, New, "s");

        Assert.Equal(isWorse ? Complaint.Allocation : Complaint.None, result.Complaint);
    }

    [Fact]
    public void Run_WhenOnlyTheMedianGotWorse_Complains()
    {
        var machine = new SyntheticMachine(1, processSpread: 0, sliceSpread: 0);
        LaunchResult Launch(Build a, Build b, string s, DuetPlan p) => machine.Launch(a, b, s, p) with { P50Ratio = 1.2 };

        Assert.Equal(Complaint.P50, new DuetRun(new DuetPlan(), Launch).Run(Old, New, "s").Complaint);
    }

    [Fact]
    public void Median_IsTheMiddle()
    {
        Assert.Equal(2, Stats.Median([3, 1, 2]));
        Assert.Equal(2.5, Stats.Median([4, 1, 2, 3]));
        Assert.Throws<ArgumentException>(() => Stats.Median([]));
    }

    private static int Alarms(double injected)
    {
        var machine = new SyntheticMachine(seed: 4711);
        var duet = new DuetRun(new DuetPlan(), machine.Launch);
        return Enumerable.Range(0, Nights).Count(_ => duet.Run(Old, New with { InjectPercent = injected }, "s").IsRegression);
    }
}
