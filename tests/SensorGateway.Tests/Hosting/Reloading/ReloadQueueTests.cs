using System.Collections.Concurrent;
using SensorGateway.Hosting.Reloading;

namespace SensorGateway.Tests.Hosting.Reloading;

public sealed class ReloadQueueTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BlockingCollection<string> _started = [];
    private readonly SemaphoreSlim _mayEnd = new(0);
    private readonly ReloadQueue _queue;

    public ReloadQueueTests() => _queue = new ReloadQueue(Reload, static () => { }, Timeout.InfiniteTimeSpan);

    [Fact]
    public void Request_WhileOneRuns_SharesOnePendingReloadAmongAll()
    {
        var first = _queue.Request("command");
        Assert.Equal("command", Started());
        var waiters = Enumerable.Range(0, 100).Select(i => _queue.Request(i % 2 == 0 ? "watch" : "SIGHUP")).ToArray();

        _mayEnd.Release();
        Assert.Equal("command", Outcome(first).Trigger);
        Assert.Equal("SIGHUP, watch", Started());
        Assert.All(waiters, static waiter => Assert.False(waiter.IsCompleted));

        _mayEnd.Release();
        var shared = Outcome(waiters[0]);
        Assert.Equal("SIGHUP, watch", shared.Trigger);
        Assert.All(waiters, waiter => Assert.Same(shared, Outcome(waiter)));
        Assert.Empty(_started);
    }

    [Fact]
    public void Request_AfterAReloadBegan_IsNotAnsweredByIt()
    {
        var first = _queue.Request("command");
        Started();
        var second = _queue.Request("command");
        _mayEnd.Release(2);

        Assert.NotSame(Outcome(first), Outcome(second));
    }

    [Fact]
    public void Dispose_CancelsThePendingReloadAndLetsTheRunningOneEnd()
    {
        var running = _queue.Request("command");
        Started();
        var pending = _queue.Request("watch");
        var disposing = new Thread(_queue.Dispose);
        disposing.Start();
        Assert.True(SpinWait.SpinUntil(() => pending.IsCanceled, Patience));
        Assert.True(disposing.IsAlive);

        _mayEnd.Release();
        Assert.True(disposing.Join(Patience));
        Assert.Equal("command", Outcome(running).Trigger);
        Assert.True(_queue.Request("late").IsCanceled);
        Assert.Empty(_started);
    }

    public void Dispose()
    {
        _mayEnd.Release(10);
        if (!_queue.Request("ended?").IsCanceled)
        {
            _queue.Dispose();
        }

        _mayEnd.Dispose();
        _started.Dispose();
    }

    private string Started()
    {
        Assert.True(_started.TryTake(out var trigger, Patience));
        return trigger;
    }

    private static ReloadOutcome Outcome(Task<ReloadOutcome> task)
    {
        Assert.True(task.Wait(Patience));
        return task.Result;
    }

    private ReloadOutcome Reload(string trigger)
    {
        _started.Add(trigger);
        _mayEnd.Wait();
        return new ReloadOutcome(true, trigger, 1, 1, 0, 1, 0, [], [], []);
    }
}
