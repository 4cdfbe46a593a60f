using System.Diagnostics;
using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Tests.Publishing;

/// <summary>When the publish role sleeps, for how long, and what keeps it from being run by others.</summary>
public sealed class PublishParkTests
{
    [Fact]
    public void PlanPark_WithNothingDue_SleepsUntilRung()
    {
        var bench = new PublishBench();
        bench.Offer(bench.Sensors[0]);
        bench.Work();

        Assert.Equal(-1, bench.Worker.PlanPark().TimeoutMilliseconds);
        Assert.False(bench.Worker.NeedsOwnThread);
        Assert.False(bench.Worker.HasWork);
    }

    [Fact]
    public void PlanPark_WithABlockedSocket_WatchesItAndComesBackByItself()
    {
        var bench = new PublishBench();
        (bench.Connections[1].State, bench.Connections[1].PollDescriptor) = (FlushResult.Blocked, 77);
        bench.Connections[3].PollDescriptor = 88;
        bench.Offer(bench.SensorOn(1));
        bench.Work();

        var plan = bench.Worker.PlanPark();

        Assert.Equal([-1, 77, -1, -1], plan.Writable.ToArray());
        Assert.InRange(plan.TimeoutMilliseconds, 1, 1_000);
        Assert.True(bench.Worker.NeedsOwnThread);
    }

    [Fact]
    public void PlanPark_WithAFenceDue_SleepsUntilThen()
    {
        var bench = new PublishBench();
        bench.Connections[0].NextFlushDueTicks = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 2;
        bench.Offer(bench.SensorOn(0));
        bench.Work();

        Assert.InRange(bench.Worker.PlanPark().TimeoutMilliseconds, 1, 520);
    }

    [Fact]
    public void PlanPark_WithAFenceLongOverdue_SleepsAMillisecond()
    {
        var bench = new PublishBench();
        bench.Connections[0].NextFlushDueTicks = 1;
        bench.Offer(bench.SensorOn(0));
        bench.Work();

        Assert.Equal(1, bench.Worker.PlanPark().TimeoutMilliseconds);
    }

    [Fact]
    public void NeedsOwnThread_WhenATurnElsewhereMakesAFenceDue_IsTrueUntilTheThreadHasPlannedForIt()
    {
        var bench = new PublishBench();
        bench.Worker.PlanPark();
        bench.Connections[0].NextFlushDueTicks = Stopwatch.GetTimestamp() + Stopwatch.Frequency;
        bench.Offer(bench.SensorOn(0));
        bench.Worker.DoWork();
        Assert.True(bench.Worker.NeedsOwnThread);

        bench.Worker.Woke();
        bench.Worker.PlanPark();
        Assert.False(bench.Worker.NeedsOwnThread);

        bench.Connections[1].NextFlushDueTicks = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 10;
        bench.Offer(bench.SensorOn(1));
        bench.Worker.DoWork();
        Assert.True(bench.Worker.NeedsOwnThread); // Now something is due earlier than planned.
    }

    [Fact]
    public void DoWork_WhenAFenceIsDue_FlushesAlthoughNothingWasAppended()
    {
        var bench = new PublishBench();
        var before = bench.Connections.Select(connection => connection.Flushes).ToArray();
        bench.Connections[2].NextFlushDueTicks = Stopwatch.GetTimestamp();

        bench.Worker.DoWork();

        Assert.Equal([0, 0, 1, 0], bench.Connections.Select((connection, i) => connection.Flushes - before[i]));
    }

    [Fact]
    public void RequestAttention_MakesTheNextTurnFlushEverything()
    {
        var bench = new PublishBench();
        var before = bench.Connections.Sum(connection => connection.Flushes);
        bench.Worker.RequestAttention();
        Assert.True(bench.Worker.HasWork);

        bench.Worker.DoWork();

        Assert.Equal(before + 4, bench.Connections.Sum(connection => connection.Flushes));
        Assert.False(bench.Worker.HasWork);
    }
}
