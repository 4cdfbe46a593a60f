using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Tests.Threading;

public sealed class RoleRunnerTests : IDisposable
{
    private readonly Doorbell _bell = new();

    public void Dispose() => _bell.Dispose();

    [Fact]
    public void Drive_WhileTheThreadIsParked_RunsAllWorkHereWithoutRinging()
    {
        var work = new ScriptedWork();
        var runner = Parked(work);
        work.Waiting = 3;

        runner.Drive();

        Assert.Equal((0, 3, 3L, 0L), (work.Waiting, work.Turns, runner.InlineTurns, runner.Rings));
        Assert.False(_bell.Wait(0));
    }

    [Fact]
    public void Drive_WhileTheThreadIsAwake_LeavesTheWorkToIt()
    {
        var work = new ScriptedWork { Waiting = 3 };
        var runner = new RoleRunner(work, _bell);

        runner.Drive();

        Assert.Equal((0, 0L), (work.Turns, runner.Rings));
    }

    [Fact]
    public void Drive_WithBatonsOff_RingsTheThread()
    {
        var work = new ScriptedWork();
        var runner = Parked(work, batons: false);
        work.Waiting = 1;

        runner.Drive();

        Assert.Equal((0, 1L), (work.Turns, runner.Rings));
        Assert.True(_bell.Wait(0));
    }

    [Fact]
    public void Drive_WithMoreWorkThanAWakeUpIsWorth_RingsTheThread()
    {
        var work = new ScriptedWork { BacklogNanoseconds = RoleRunner.InlineNanosecondsMax + 1 };
        var runner = Parked(work);
        work.Waiting = 1;

        runner.Drive();

        Assert.Equal((0, 1L), (work.Turns, runner.Rings));
    }

    [Fact]
    public void Drive_WhenTheRoleMustWaitForASocket_RingsTheThreadAfterOneTurn()
    {
        var work = new ScriptedWork { NeedsOwnThread = true };
        var runner = Parked(work);
        work.Waiting = 5;

        runner.Drive();

        Assert.Equal((1, 1L), (work.Turns, runner.Rings));
    }

    [Fact]
    public void Drive_WhenATurnHandlesNothingAndWorkRemains_RingsTheThread()
    {
        var work = new ScriptedWork { OnWork = static _ => 0 };
        var runner = Parked(work);
        work.Waiting = 1;

        runner.Drive();

        Assert.Equal((1, 1L), (work.Turns, runner.Rings));
    }

    [Fact]
    public void Drive_WhenOthersKeepProducing_StopsAfterItsShareAndRings()
    {
        var work = new ScriptedWork { OnWork = static _ => 1 };
        var runner = Parked(work);
        work.Waiting = 1;

        runner.Drive();

        Assert.Equal((RoleRunner.InlineTurnsMax, 1L), (work.Turns, runner.Rings));
    }

    [Fact]
    public void Drive_InsideATurn_LeavesTheWorkToTheHolder()
    {
        RoleRunner? runner = null;
        var depth = 0;
        var deepest = 0;
        var work = new ScriptedWork
        {
            OnWork = work =>
            {
                deepest = Math.Max(deepest, ++depth);
                work.Waiting--;
                Assert.Equal(0, runner!.TryTurn());
                runner.Drive();
                depth--;
                return 1;
            },
        };
        runner = Parked(work);
        work.Waiting = 4;

        runner.Drive();

        Assert.Equal((0, 4, 1), (work.Waiting, work.Turns, deepest));
    }

    [Fact]
    public void Drive_WhenATurnThrows_GivesTheBatonBack()
    {
        var work = new ScriptedWork { OnWork = static _ => throw new InvalidOperationException("broken") };
        var runner = Parked(work);
        work.Waiting = 1;

        Assert.Throws<InvalidOperationException>(runner.Drive);
        Assert.Throws<InvalidOperationException>(() => runner.TryTurn());

        Assert.Equal(2, work.Turns);
    }

    [Fact]
    public void BeginPark_WithWorkWaiting_ReturnsFalseAndLeavesTheThreadAwake()
    {
        var work = new ScriptedWork { Waiting = 1 };
        var runner = new RoleRunner(work, _bell);

        Assert.False(runner.BeginPark());
        runner.Wake();
        Assert.Equal(0, runner.Rings);
    }

    [Fact]
    public void BeginPark_AfterStop_ReturnsFalse()
    {
        var runner = new RoleRunner(new ScriptedWork(), _bell);
        runner.Stop();

        Assert.True(runner.IsStopping);
        Assert.False(runner.BeginPark());
        Assert.True(_bell.Wait(0));
    }

    [Fact]
    public void Wake_OfAParkedThread_RingsOnce()
    {
        var runner = Parked(new ScriptedWork());

        runner.Wake();
        runner.Wake();

        Assert.Equal(1, runner.Rings);
        Assert.True(_bell.Wait(0));
        Assert.False(_bell.Wait(0));
    }

    private RoleRunner Parked(ScriptedWork work, bool batons = true)
    {
        var runner = new RoleRunner(work, _bell, batons);
        Assert.True(runner.BeginPark());
        return runner;
    }
}
