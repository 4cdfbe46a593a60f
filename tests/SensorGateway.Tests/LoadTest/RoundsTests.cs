using SensorGateway.LoadTest;
using SensorGateway.LoadTest.Measuring;
using SensorGateway.LoadTest.Results;

namespace SensorGateway.Tests.LoadTest;

/// <summary>A round that the host has spoilt is run again and counts nowhere.</summary>
public sealed class RoundsTests
{
    [Fact]
    public void Take_WithARoundInWhichTheHostTookMuch_RunsAnotherAndCountsTheQuietOnes()
    {
        double[] stolen = [0.5, 7, 1, 30, 2];
        var progress = new StringWriter();

        var runs = Rounds.Take(3, stealMax: 2, round => [Run(round, 0), Run(round, stolen[round - 1])], progress);

        Assert.Equal([1, 3, 5], runs.Where(static run => run.Counts).Select(static run => run.Round).Distinct());
        Assert.Equal(10, runs.Count);
        Assert.Equal(
            $"round 2 does not count: the host took 7.0 % of the CPU time{Environment.NewLine}round 4 does not count: the host took 30.0 % of the CPU time{Environment.NewLine}",
            progress.ToString());
        Assert.Equal(3, Statistics.Medians(runs).Single().Values["payloads_per_second"]);
    }

    [Fact]
    public void Take_OnAHostThatIsNeverQuiet_EndsAndSaysHowManyCount()
    {
        var progress = new StringWriter();

        var runs = Rounds.Take(2, stealMax: 2, static round => [Run(round, round == 1 ? 1 : 50)], progress);

        Assert.Equal(12, runs.Count);
        Assert.EndsWith($"only 1 of 2 rounds count; the host is too busy for more{Environment.NewLine}", progress.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Take_WithoutALimit_CountsAll()
    {
        var runs = Rounds.Take(2, stealMax: null, static round => [Run(round, 90)], TextWriter.Null);

        Assert.Equal((2, 2), (runs.Count, runs.Count(static run => run.Counts)));
    }

    [Fact]
    public void PercentSince_OfTwoReadings_IsTheShareOfAllCpuTime()
    {
        var before = HostSteal.Parse("cpu  100 0 100 700 50 0 0 50 0 0");
        var after = HostSteal.Parse("cpu  150 0 150 750 50 0 0 100 20 0");

        Assert.Equal(new HostSteal(50, 1000), before);
        Assert.Equal(25, after.PercentSince(before));
        Assert.Null(before.PercentSince(before));
        Assert.Null(HostSteal.Parse("cpu  1 2 3").PercentSince(default)); // A kernel that does not tell.
    }

    private static RunResult Run(int round, double stolen) =>
        Runs.Of("gateway", 1000, round) with { PayloadsPerSecond = round, HostStealPercent = stolen };
}
