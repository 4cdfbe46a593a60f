using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Tests.Threading;

public sealed class PinnedThreadTests
{
    // Only a hang takes that long.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Thread_RunsItsRole_UnderItsNameAndOnItsCpu()
    {
        var cpu = CpuAffinity.AllowedCpus().Cast<int?>().LastOrDefault();
        var seen = new TaskCompletionSource<(string? Name, int[] Cpus)>();
        var work = new ScriptedWork
        {
            Role = "detect-7",
            Waiting = 1,
            OnWork = work =>
            {
                work.Waiting = 0;
                seen.TrySetResult((Thread.CurrentThread.Name, CpuAffinity.AllowedCpus()));
                return 1;
            },
        };

        using (var bell = new Doorbell())
        using (new PinnedThread(new RoleRunner(work, bell), cpu, neverPark: false, static (_, _) => { }))
        {
            await seen.Task.WaitAsync(Limit);
        }

        var (name, cpus) = await seen.Task;
        Assert.Equal("detect-7", name);
        Assert.Equal(cpu is { } index ? [index] : [], cpus);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_WhileThereIsNothingToDo_EndsTheThread(bool neverPark)
    {
        using var bell = new Doorbell();
        var runner = new RoleRunner(new ScriptedWork(), bell);
        var thread = new PinnedThread(runner, null, neverPark, static (_, _) => { });
        if (!neverPark)
        {
            WaitUntilParked(runner);
        }

        await Task.Run(thread.Dispose).WaitAsync(Limit); // Throws when the thread hangs.
    }

    [Fact]
    public async Task Fault_InATurn_IsReportedOnceWithItsRole()
    {
        var faults = new List<(string Role, Exception Fault)>();
        var work = new ScriptedWork
        {
            Role = "publish",
            Waiting = 1,
            OnWork = static _ => throw new InvalidOperationException("broken"),
        };
        using var bell = new Doorbell();
        var reported = new ManualResetEventSlim();
        var thread = new PinnedThread(new RoleRunner(work, bell), null, neverPark: false, (role, fault) =>
        {
            faults.Add((role, fault));
            reported.Set();
        });

        Assert.True(reported.Wait(Limit));
        await Task.Run(thread.Dispose).WaitAsync(Limit); // Throws when the thread hangs.
        var (role, fault) = Assert.Single(faults);
        Assert.Equal(("publish", "broken", 1), (role, fault.Message, work.Turns));
    }

    [Fact]
    public async Task Fault_InPinning_IsReportedBeforeAnyWork()
    {
        var fault = new TaskCompletionSource<Exception>();
        var work = new ScriptedWork { Waiting = 1 };
        using var bell = new Doorbell();
        using var thread = new PinnedThread(
            new RoleRunner(work, bell), 100_000, neverPark: false, (_, why) => fault.TrySetResult(why));

        if (OperatingSystem.IsLinux())
        {
            var reported = await fault.Task.WaitAsync(Limit);
            Assert.StartsWith("cannot pin a thread to CPU 100000", reported.Message, StringComparison.Ordinal);
            Assert.Equal(0, work.Turns);
        }
    }

    [Fact]
    public void Wake_OfTheParkedThread_MakesItLookForWork()
    {
        var done = new ManualResetEventSlim();
        var work = new ScriptedWork
        {
            OnWork = work =>
            {
                var handled = work.Waiting;
                work.Waiting = 0;
                if (handled > 0)
                {
                    done.Set();
                }

                return handled;
            },
        };
        using var bell = new Doorbell();
        var runner = new RoleRunner(work, bell, batons: false);
        using var thread = new PinnedThread(runner, null, neverPark: false, static (_, _) => { });
        WaitUntilParked(runner);

        work.Waiting = 1;
        runner.Drive();

        Assert.True(done.Wait(Limit));
        Assert.True(work.Woken >= 1);
    }

    // A wake-up is rung only for a parked thread.
    private static void WaitUntilParked(RoleRunner runner) =>
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                runner.Wake();
                return runner.Rings > 0;
            },
            Limit));
}
