using SensorGateway.Pipeline.Publishing;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Publishing;

/// <summary>A disk whose writes and fsyncs do not return for as long as a test likes, while NATS is away.</summary>
public sealed class HungDiskTests
{
    // Far above the patience of 100 ms, so that a busy machine does not matter; far below any wait for the disk itself.
    private static readonly TimeSpan HoldMax = TimeSpan.FromSeconds(5);

    [Fact]
    public void HungWrite_WhileAlertsAreSpooled_FillsMemoryThenDropsTheLeastGraveAndRecovers()
    {
        using var bench = new SpoolBench(unconfirmedBytesMax: 1 << 20);
        bench.SetAll(FlushResult.Down);
        bench.OfferUntilAllSpool();

        bench.Files.Answers.Reset();
        for (var i = 0; i < 300; i++)
        {
            bench.Offer(Severity.Info, 99);
            bench.Offer(Severity.Critical);
        }

        bench.Until(() => bench.Worker.Waiting == 0, "an empty ring");
        var dropped = bench.Worker.Counters.Dropped(AlertDropReason.SpoolFailed);
        Assert.InRange(dropped, 15_000, 25_000); // What is left fills the memory before the disk.
        Assert.Equal(dropped, bench.Worker.Counters.DroppedTotal);
        Assert.True(bench.LongestHold < HoldMax, $"detection was held up for {bench.LongestHold}");
        Assert.Equal("hanging", bench.Snapshot.State);
        AssertAlarmed(bench, "does not answer");
        bench.AssertAddsUp();

        bench.Files.Answers.Set();
        bench.Until(() => bench.Snapshot.State == "ok" && bench.Snapshot.Records >= bench.Worker.Counters.Spooled, "the disk taken back");
        bench.Offer(Severity.Info, 500);
        bench.Until(() => bench.Worker.Waiting == 0, "more stored");
        Assert.Equal(dropped, bench.Worker.Counters.DroppedTotal);
        AssertAlarmed(bench, "answers again");
        bench.AssertAddsUp();

        bench.SetAll(FlushResult.Idle);
        bench.Until(() => bench.Worker.Counters.Spooled == 0 && bench.Worker.Waiting == 0, "an empty spool");
        bench.AssertAddsUp();
        bench.AssertArrived();
        var critical = bench.Connections.Sum(static connection => connection.Messages.Count(static message =>
            message.Subject.Contains("Critical", StringComparison.Ordinal)));
        Assert.Equal(300, critical); // Room that the less grave were refused.
    }

    [Fact]
    public void HungWrite_BeforeTheFirstAlertIsStored_KeepsWhatMemoryHoldsAndHoldsNothingUp()
    {
        const int Memory = 24 << 20;
        using var bench = new SpoolBench(Memory);
        bench.Files.Answers.Reset();
        bench.SetAll(FlushResult.Down);
        bench.Offer(Severity.Low, 60_000);

        bench.Until(() => bench.Worker.Waiting == 0, "an empty ring");
        Assert.True(bench.LongestHold < HoldMax, $"detection was held up for {bench.LongestHold}");
        Assert.InRange(bench.Worker.Counters.DroppedTotal, 10_000, 50_000);
        AssertAlarmed(bench, "does not answer");
        bench.AssertAddsUp();

        bench.Files.Answers.Set();
        bench.SetAll(FlushResult.Idle);
        bench.Until(() => bench.Worker.Counters.Spooled == 0 && bench.Worker.Waiting == 0, "an empty spool");
        bench.AssertAddsUp();
        bench.AssertArrived();
    }

    /// <summary>Once for the whole hang; a machine that gives the spool's thread no CPU may look like another, shorter one.</summary>
    private static void AssertAlarmed(SpoolBench bench, string text) =>
        Assert.InRange(bench.Log.Lines.Count(line => line.Contains(text, StringComparison.Ordinal)), 1, 3);
}
