using SensorGateway.Nats;
using SensorGateway.Nats.Connection;
using SensorGateway.Nats.Sending;

namespace SensorGateway.Tests.Nats;

public sealed class ConnectionPartsTests
{
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(2);

    [Fact]
    public void ServerRotation_OneDeadServer_PausesDoubleUpToTheLimit()
    {
        var rotation = Rotation(first: 0, "a");
        Assert.Equal(TimeSpan.Zero, rotation.NextPause());
        foreach (var full in (int[])[50, 100, 200, 400, 800, 1600, 2000, 2000, 2000])
        {
            rotation.Next();
            Assert.InRange(rotation.NextPause().TotalMilliseconds, full / 2.0, full);
        }

        rotation.NoteGoodSession();
        Assert.Equal(TimeSpan.Zero, rotation.NextPause());
    }

    [Fact]
    public void ServerRotation_SeveralServers_TakesAllInTurnBeforeItPauses()
    {
        var rotation = Rotation(first: 1, "a", "b", "c");
        var seen = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(i == 3, rotation.NextPause() > TimeSpan.Zero);
            seen.Add(rotation.Next().Host);
        }

        Assert.Equal(["b", "c", "a", "b", "c", "a"], seen);
    }

    [Fact]
    public void ServerRotation_Refused_PausesLongAtOnce()
    {
        var rotation = Rotation(first: 0, "a");
        rotation.Next();
        rotation.NoteRefused();
        Assert.InRange(rotation.NextPause(), Max / 2, Max);
    }

    [Fact]
    public void ServerRotation_ManyRoundsOfFailure_PauseNeverOverflows()
    {
        var rotation = Rotation(first: 0, "a");
        for (var i = 0; i < 1000; i++)
        {
            rotation.Next();
            Assert.InRange(rotation.NextPause(), TimeSpan.Zero, Max);
        }
    }

    [Fact]
    public void ServerRotation_LearnedServers_JoinAndGoButSeedsStay()
    {
        var rotation = Rotation(first: 0, "a");
        var credentials = new NatsCredentials("edge", "p", null);
        var teller = new NatsEndpoint("seed.example", 4222) { Credentials = credentials, RequiresTls = true };
        rotation.Learn([new NatsEndpoint("a", 4222), new NatsEndpoint("x", 1), new NatsEndpoint("x", 1)], teller);
        Assert.Equal(2, rotation.Count);
        rotation.Next();
        Assert.Equal(credentials, rotation.Next().Credentials);

        rotation.Learn([new NatsEndpoint("10.0.0.9", 4222), new NatsEndpoint("named", 4222)], teller);
        var known = Enumerable.Range(0, 3).Select(_ => rotation.Next()).ToDictionary(server => server.Host);
        Assert.Equal("seed.example", known["10.0.0.9"].VerifiedHost); // Few certificates are made for an address.
        Assert.Equal("named", known["named"].VerifiedHost);
        Assert.True(known["named"].RequiresTls && known["10.0.0.9"].RequiresTls && !known["a"].RequiresTls);

        rotation.Learn([], teller);
        Assert.Equal(1, rotation.Count);
        Assert.Equal("a", rotation.Next().Host);
    }

    [Fact]
    public void FenceQueue_RandomUse_KeepsOrderAndRefusesWhatWasNotAsked()
    {
        var queue = new FenceQueue();
        var random = new Random(1);
        long armed = 0, answered = 0, taken = 0;
        for (var step = 0; step < 100_000; step++)
        {
            switch (random.Next(3))
            {
                case 0 when queue.HasRoom:
                    queue.Arm(new FenceMark(armed++, 0, 0, 0));
                    break;
                case 1:
                    Assert.Equal(answered < armed, queue.TryAnswer(out var answer));
                    Assert.Equal(answered < armed ? answered++ : 0, answer.Frame);
                    break;
                case 2:
                    Assert.Equal(taken < answered, queue.TryTake(out var mark));
                    Assert.Equal(taken < answered ? taken++ : 0, mark.Frame);
                    break;
            }

            Assert.Equal(armed - taken, queue.InFlight);
            Assert.Equal(armed - taken < FenceQueue.Capacity, queue.HasRoom);
        }
    }

    [Fact]
    public void PublisherBell_Pong_WakesOnlyWhoAskedAndOnlyOnce()
    {
        var rings = 0;
        var bell = new PublisherBell(() => rings++);
        bell.PongArrived();
        Assert.Equal(0, rings);
        bell.AskForNextPong();
        bell.PongArrived();
        bell.PongArrived();
        Assert.Equal(1, rings);
        bell.AskForNextPong();
        bell.Forget();
        bell.PongArrived();
        Assert.Equal(1, rings);
    }

    [Fact]
    public void FencePolicy_SteadyMessages_OneFencePerIntervalAndOneInFlight()
    {
        var options = new NatsOptions
        {
            Servers = [new NatsEndpoint("a", 1)],
            FenceInterval = TimeSpan.FromSeconds(1),
            FenceBytes = 1 << 20,
        };
        var log = new SendLog(1 << 20);
        var policy = new FencePolicy(options, 1 << 24);
        var second = System.Diagnostics.Stopwatch.Frequency;
        Assert.False(policy.IsDue(log, inFlight: 0, nowTicks: second)); // Nothing to fence.

        log.TryAppend("a"u8, [], []);
        Assert.True(policy.IsDue(log, inFlight: 0, nowTicks: second));
        policy.NoteFence(log.Mark, second);
        Assert.False(policy.HasUnfenced(log));

        log.TryAppend("a"u8, [], []);
        Assert.False(policy.IsDue(log, inFlight: 0, nowTicks: second + 1)); // Too soon.
        Assert.Equal(2 * second, policy.DueTicks);
        Assert.False(policy.IsDue(log, inFlight: 1, nowTicks: 2 * second)); // One is on its way.
        Assert.True(policy.IsDue(log, inFlight: 0, nowTicks: 2 * second));
        policy.Hurry = true;
        Assert.True(policy.IsDue(log, inFlight: 0, nowTicks: second + 1));
        policy.Hurry = false;
        while (!policy.IsSpacingReached(log))
        {
            Assert.False(policy.IsDue(log, inFlight: 1, nowTicks: second + 1));
            log.TryAppend("a"u8, [], new byte[10_000]);
            if (log.FreeBytes < 20_000)
            {
                log.AdvanceSent((int)log.UnsentBytes);
                log.ReleaseSent();
            }
        }

        Assert.True(policy.IsDue(log, inFlight: 1, nowTicks: second + 1)); // Many bytes: another may join.
    }

    private static ServerRotation Rotation(int first, params string[] hosts) =>
        new([.. hosts.Select(host => new NatsEndpoint(host, 4222))], first, Min, Max, new Random(1));
}
