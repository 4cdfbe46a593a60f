using System.Globalization;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Gateway;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Publishing;

public sealed class PublishWorkerTests
{
    [Fact]
    public void DoWork_OfManySensors_KeepsEachOnOneConnectionAndInOrder()
    {
        var bench = new PublishBench();
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            bench.Offer(bench.Sensors[random.Next(bench.Sensors.Length)]);
        }

        bench.Work();

        Assert.All(bench.Connections, connection => Assert.NotEmpty(connection.Messages));
        foreach (var sensor in bench.Sensors)
        {
            var subject = $"alerts.low.{sensor.SubjectToken}";
            var carriers = bench.Connections.Where(c => c.Messages.Any(m => m.Subject == subject));
            Assert.Equal([bench.ConnectionOf(sensor)], carriers);
        }

        // Order over all alerts of a connection implies the order of each sensor.
        Assert.All(bench.Connections, c => Assert.Equal(c.Messages.Select(Number).Order(), c.Messages.Select(Number)));
        Assert.Equal(500, bench.Worker.Counters.HandoverToSent.Count);
        bench.AssertAddsUp();
    }

    [Fact]
    public void DoWork_WithMoreThanABatch_TakesTheCapPerTurn()
    {
        var bench = new PublishBench();
        for (var i = 0; i < 40; i++)
        {
            bench.Offer(bench.Sensors[i % 32]);
        }

        bench.Worker.DoWork();
        Assert.Equal(24, bench.Worker.Waiting);
        bench.Work();
        Assert.Equal((0, 3L, 40L), (bench.Worker.Waiting, bench.Worker.Counters.Batches, bench.Worker.Counters.BatchedAlerts));
    }

    [Fact]
    public void DoWork_WithLongAlerts_StopsAtTheBytesCap()
    {
        var bench = new PublishBench();
        for (var i = 0; i < 6; i++)
        {
            bench.Offer(bench.Sensors[0], new string('x', 1_500));
        }

        bench.Worker.DoWork();

        Assert.Equal(3, bench.Worker.Waiting); // The third alert passes 4,096 bytes and is the last.
    }

    [Fact]
    public void DoWork_WhenOneConnectionIsFullButProgresses_WaitsForItAndLosesNothing()
    {
        var bench = new PublishBench();
        var slow = bench.Connections[1];
        (slow.KeepsMax, slow.State, slow.TrickleMessages) = (2, FlushResult.Blocked, 1);
        var sensor = bench.SensorOn(1);
        for (var i = 0; i < 50; i++)
        {
            bench.Offer(sensor);
            bench.Offer(bench.SensorOn(2));
        }

        bench.Work();
        Assert.True(bench.Worker.NeedsOwnThread);
        Assert.False(bench.Worker.HasWork); // A stalled head is no work until somebody wakes the role.
        Assert.InRange(bench.Worker.Waiting, 1, 99);

        for (var wakes = 0; bench.Worker.Waiting > 0; wakes++)
        {
            Assert.InRange(wakes, 0, 100);
            bench.WakeAndWork();
        }

        Assert.Equal(50, slow.Messages.Count);
        Assert.Equal(slow.Messages.Select(Number).Order(), slow.Messages.Select(Number));
        Assert.Equal(0, bench.Worker.Counters.DroppedTotal);
        bench.AssertAddsUp();
    }

    [Fact]
    public void DoWork_WhenAFullConnectionMakesNoProgress_DropsAfterThePatienceAndServesTheOthers()
    {
        var bench = new PublishBench(patience: PublishBench.NoPatience);
        var stopped = bench.Connections[0];
        (stopped.KeepsMax, stopped.State) = (3, FlushResult.Blocked);
        for (var i = 0; i < 20; i++)
        {
            bench.Offer(bench.SensorOn(0));
            bench.Offer(bench.SensorOn(3));
        }

        bench.Work();

        Assert.Equal(3, stopped.Messages.Count);
        Assert.Equal(20, bench.Connections[3].Messages.Count);
        Assert.Equal(20, bench.Connections[3].SentMessages);
        Assert.Equal(17, bench.Worker.Counters.Dropped(AlertDropReason.UnconfirmedFull));
        bench.AssertAddsUp();
    }

    [Fact]
    public void DoWork_WithPatienceLeft_HoldsTheRingUntilItIsOver()
    {
        var bench = new PublishBench(patience: TimeSpan.FromMilliseconds(20));
        var stopped = bench.Connections[0];
        (stopped.KeepsMax, stopped.State) = (1, FlushResult.Blocked);
        bench.Offer(bench.SensorOn(0));
        bench.Offer(bench.SensorOn(0));
        bench.Offer(bench.SensorOn(1));
        bench.Work();

        // The progress of a moment ago buys the connection its patience, however slow this machine is.
        Assert.Equal((2L, 0L), (bench.Worker.Waiting, bench.Worker.Counters.DroppedTotal));
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                bench.WakeAndWork();
                return bench.Worker.Waiting == 0;
            },
            TimeSpan.FromSeconds(30)));
        Assert.Equal(1, bench.Worker.Counters.Dropped(AlertDropReason.UnconfirmedFull));
        Assert.Single(bench.Connections[1].Messages);
        bench.AssertAddsUp();
    }

    [Fact]
    public void DoWork_WhileAConnectionIsDown_KeepsWhatFitsAndDropsTheRestAtOnce()
    {
        var bench = new PublishBench();
        var down = bench.Connections[2];
        (down.KeepsMax, down.State) = (5, FlushResult.Down);
        bench.WakeAndWork(); // Sees that it is down.
        for (var i = 0; i < 12; i++)
        {
            bench.Offer(bench.SensorOn(2));
        }

        bench.Work();
        Assert.Equal((0L, 7L), (bench.Worker.Waiting, bench.Worker.Counters.Dropped(AlertDropReason.UnconfirmedFull)));

        down.State = FlushResult.Idle;
        bench.WakeAndWork();
        Assert.Equal(5, down.SentMessages);
        bench.AssertAddsUp();
    }

    [Fact]
    public void DoWork_OfAlertsThatCannotBePublished_CountsEachReason()
    {
        var bench = new PublishBench();
        foreach (var connection in bench.Connections)
        {
            connection.TooLargeMark = (byte)'L';
        }

        bench.Offer(bench.Sensors[0], "L");
        bench.Offer(bench.Sensors[1], "L");
        bench.Offer(bench.Sensors[2], "ok", subject: string.Empty);
        bench.Offer(bench.Sensors[3], "ok");
        bench.Work();

        Assert.Equal(2, bench.Worker.Counters.Dropped(AlertDropReason.TooLarge));
        Assert.Equal(1, bench.Worker.Counters.Dropped(AlertDropReason.BadSubject));
        Assert.Equal(3, bench.Worker.Counters.DroppedTotal);
        bench.AssertAddsUp();
    }

    [Fact]
    public void AbandonWaiting_CountsAndLogsWhatIsLeft()
    {
        var log = new LineLog();
        var bench = new PublishBench(log: log);
        for (var i = 0; i < 9; i++)
        {
            bench.Offer(bench.Sensors[i]);
        }

        bench.Worker.AbandonWaiting();
        bench.Worker.AbandonWaiting();

        Assert.Equal((9L, 0L), (bench.Worker.Counters.Dropped(AlertDropReason.Shutdown), bench.Worker.Waiting));
        Assert.StartsWith("Dropped 9 alerts at shutdown", Assert.Single(log.Lines), StringComparison.Ordinal);
        bench.AssertAddsUp();
    }

    [Fact]
    public void Drops_OfOneKind_AreLoggedAtEveryDoubling()
    {
        var log = new LineLog();
        var bench = new PublishBench(patience: PublishBench.NoPatience, log: log);
        (bench.Connections[0].KeepsMax, bench.Connections[0].State) = (0, FlushResult.Down);
        for (var i = 0; i < 100; i++)
        {
            bench.Offer(bench.SensorOn(0));
        }

        bench.Work();

        Assert.Equal([1, 2, 4, 8, 16, 32, 64], log.Lines.Select(line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void DoWork_InSteadyState_AllocatesNothing()
    {
        var bench = new PublishBench(remembers: false);
        var writer = bench.Ring.Writers[0];
        var handles = bench.Sensors.Select(sensor => sensor.Handle).ToArray();

        var allocated = Allocations.Of(20_000, i =>
        {
            writer.TryClaim(300, out var lease);
            lease.Payload.Fill((byte)'j');
            AlertRecord.Write(lease, handles[i % 32], i, i, Severity.High, "alerts.high.x"u8, []);
            writer.Commit(lease);
            writer.Publish();
            bench.Worker.DoWork();
        });

        Assert.Equal(0, allocated);
        Assert.Equal(40_000, bench.Connections.Sum(connection => connection.SentMessages));
    }

    private static int Number((string Subject, string Json) message) =>
        int.Parse(message.Json, CultureInfo.InvariantCulture);
}
