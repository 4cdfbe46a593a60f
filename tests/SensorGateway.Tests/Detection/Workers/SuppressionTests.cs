using System.Diagnostics;
using System.Text.Json;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Detection.Workers;

/// <summary>Suppression as the whole detection worker does it. Windows of hours never end by themselves here.</summary>
public sealed class SuppressionTests
{
    private static readonly TimeSpan Hours = TimeSpan.FromHours(10);
    private static readonly TimeSpan HalfMinute = TimeSpan.FromSeconds(30);

    [Fact]
    public void DoWork_OfRepeats_SendsTheFirstAtOnceAndOneSummaryLater()
    {
        using var bench = new WorkerBench(Rules(HalfMinute));
        var longAgo = Stopwatch.GetTimestamp() - Clock.Ticks(TimeSpan.FromHours(1)); // So the window is over when all is read.
        bench.Offer("probe 0", longAgo);
        bench.Offer("probe 1", longAgo + Clock.Ticks(TimeSpan.FromSeconds(1)));
        bench.Offer("probe 2", longAgo + Clock.Ticks(TimeSpan.FromSeconds(3)));
        bench.Work();

        var (alert, summary) = Pair(bench.TakeAlerts());
        Assert.Equal("probe 0", alert.GetProperty("payload").GetProperty("text").GetString());
        Assert.Equal(
            ["kind", "id", "rule", "sensor", "count", "first", "last"], summary.EnumerateObject().Select(field => field.Name));
        Assert.Equal("summary", summary.GetProperty("kind").GetString());
        Assert.Equal("edge-1-0000000000-2", summary.GetProperty("id").GetString());
        Assert.Equal("d.probe", summary.GetProperty("rule").GetString());
        Assert.Equal("10.0.0.7", summary.GetProperty("sensor").GetString());
        Assert.Equal(2, summary.GetProperty("count").GetInt64());
        var time = summary.GetProperty("last").GetDateTime() - summary.GetProperty("first").GetDateTime();
        Assert.Equal(2.0, time.TotalSeconds, tolerance: 0.0001);
        AssertBooks(bench, alerted: 3, suppressed: 2, summaries: 1);
        Assert.Equal((0, 0), (bench.Worker.SummariesOwed, bench.Worker.Counters.SuppressedPairs));
    }

    [Fact]
    public void DoWork_WithABacklogOlderThanTheWindow_JudgesByTheTimesOfThePayloads()
    {
        using var bench = new WorkerBench(Rules(HalfMinute));
        var longAgo = Stopwatch.GetTimestamp() - Clock.Ticks(TimeSpan.FromHours(1));
        foreach (var second in new[] { 0, 29, 31, 32, 90 })
        {
            bench.Offer($"probe {second}", longAgo + Clock.Ticks(TimeSpan.FromSeconds(second)));
        }

        bench.Work();

        Assert.Equal(
            ["probe 0", "summary of 1", "probe 31", "summary of 1", "probe 90"], bench.TakeAlerts().Select(Describe));
        AssertBooks(bench, alerted: 5, suppressed: 2, summaries: 2);
    }

    [Fact]
    public void DoWork_OfSeveralRules_LeavesOnlyTheHeldOnesOut()
    {
        using var bench = new WorkerBench(
            SmallRules.Of(
                SmallRules.Suppressed(SmallRules.Literal("a.grave", "grave", Severity.Critical), Hours),
                SmallRules.Literal("b.light", "light", Severity.Low)),
            alerts: new AlertOptions { Gateway = "g", RulesMax = 1, MessageBytesMax = 1_024 });
        bench.Offer("grave light");
        bench.Offer("grave light");
        bench.Offer("grave");
        bench.Work();

        var (first, second) = Pair(bench.TakeAlerts());
        Assert.Equal("a.grave", first.GetProperty("rules")[0].GetProperty("id").GetString());
        Assert.Equal(2, first.GetProperty("rules_total").GetInt32());
        Assert.Equal("b.light", second.GetProperty("rules")[0].GetProperty("id").GetString());
        Assert.Equal(1, second.GetProperty("rules_total").GetInt32());
        Assert.Equal("low", second.GetProperty("severity").GetString());
        Assert.Equal((2L, 1L), (
            bench.Worker.Counters.Alerted(Severity.Critical), bench.Worker.Counters.Alerted(Severity.Low)));
        AssertBooks(bench, alerted: 3, suppressed: 1, summaries: 0);
        Assert.Equal(3, bench.Worker.DetectorCounters.Matches.Cells[0]); // Matches count, sent or not.
    }

    [Fact]
    public void DoWork_OfTwoSensors_HoldsEachBackByItself()
    {
        using var bench = new WorkerBench(Rules(Hours));
        var other = bench.Sensors.Acquire("tcp", "10.0.0.8")!;
        bench.Offer("probe");
        bench.Offer("probe"u8, Stopwatch.GetTimestamp(), other);
        bench.Offer("probe"u8, Stopwatch.GetTimestamp(), other);
        bench.Work();

        Assert.Equal(2, bench.TakeAlerts().Count);
        AssertBooks(bench, alerted: 3, suppressed: 1, summaries: 0);
        Assert.Equal(2, bench.Worker.Counters.SuppressedPairs);
    }

    [Fact]
    public void Use_OfRulesWithoutSuppress_SummarisesAndSendsEachAgain()
    {
        using var bench = new WorkerBench(Rules(Hours));
        OfferProbes(bench, 3);
        bench.Work();
        Assert.Single(bench.TakeAlerts());

        bench.Worker.Use(RuleProgram.Build(SmallRules.Attacks, bench.Options));
        bench.Worker.DoWork();
        Assert.Equal(["summary of 2"], bench.TakeAlerts().Select(Describe));
        OfferProbes(bench, 2);
        bench.Work();

        Assert.Equal(2, bench.TakeAlerts().Count);
        AssertBooks(bench, alerted: 5, suppressed: 2, summaries: 1);
    }

    [Fact]
    public void Use_OfRulesThatKeepSuppress_KeepsTheWindow()
    {
        using var bench = new WorkerBench(Rules(Hours));
        OfferProbes(bench, 2);
        bench.Work();

        bench.Worker.Use(RuleProgram.Build(
            SmallRules.Of(
                SmallRules.Literal("a.new", "new", Severity.Low), // So that the index of the rule changes.
                SmallRules.Suppressed(SmallRules.Literal("d.probe", "probe", Severity.Critical), HalfMinute)),
            bench.Options));
        OfferProbes(bench, 2);
        bench.Work();
        Assert.Single(bench.TakeAlerts());
        bench.Worker.FlushSummaries();
        bench.Work();

        Assert.Equal("summary of 3", Describe(bench.TakeRecord(out var subject)));
        Assert.Equal("alerts.critical.10_0_0_7", subject); // As the rule is now.
        AssertBooks(bench, alerted: 4, suppressed: 3, summaries: 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void FlushSummaries_WithTheAlertRingFull_LosesNone(int alertProducers)
    {
        using var bench = new WorkerBench(
            new RuleSet(
                [.. SmallRules.Attacks.Rules.Select(rule => SmallRules.Suppressed(rule, Hours))], []),
            alertRingBytes: 4_096,
            alertProducers: alertProducers);
        Sensor[] sensors = [.. Enumerable.Range(0, 6).Select(i => bench.Sensors.Acquire("tcp", $"s{i}")!)];
        var messages = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            foreach (var sensor in sensors)
            {
                bench.Offer("probe <script /etc/passwd union select"u8, Stopwatch.GetTimestamp(), sensor);
            }

            Drain(bench, messages);
        }

        Assert.Equal(6, messages.Count);
        bench.Worker.FlushSummaries();
        Drain(bench, messages);

        Assert.Equal(Enumerable.Repeat("summary of 2", 24), messages.Skip(6).Select(Describe));
        Assert.Equal(
            Enumerable.Range(1, 30).Select(i => $"edge-1-0000000000-{i}"),
            messages.Select(message => JsonDocument.Parse(message).RootElement.GetProperty("id").GetString()));
        AssertBooks(bench, alerted: 18, suppressed: 12, summaries: 24);
        Assert.Equal(0, bench.Worker.SummariesOwed);
    }

    [Fact]
    public void DoWork_WhenAnotherWorkerTakesTheRoomMeanwhile_SendsEachSummaryOnce()
    {
        using var bench = new WorkerBench(Rules(HalfMinute), wrap: static writer => new RobbedWriter(writer));
        var longAgo = Stopwatch.GetTimestamp() - Clock.Ticks(TimeSpan.FromHours(20));
        for (var i = 0; i < 90; i++)
        {
            bench.Offer($"probe {i}", longAgo + Clock.Ticks(TimeSpan.FromSeconds(12 * i))); // Three to a window.
        }

        for (var turns = 0; bench.Worker.HasWork; turns++)
        {
            Assert.InRange(turns, 0, 1_000);
            bench.Worker.DoWork();
        }

        var messages = bench.TakeAlerts();
        Assert.Equal(
            Enumerable.Range(0, 30).SelectMany(i => new[] { $"probe {3 * i}", "summary of 2" }), messages.Select(Describe));
        AssertBooks(bench, alerted: 90, suppressed: 60, summaries: 30);
    }

    [Fact]
    public void DoWork_WithMorePairsThanRemembered_SummarisesTheNearestToItsEndEarly()
    {
        using var bench = new WorkerBench(Rules(Hours), detection: new DetectionOptions { SuppressedPairsMax = 2 });
        Sensor[] sensors = [.. Enumerable.Range(0, 3).Select(i => bench.Sensors.Acquire("tcp", $"s{i}")!)];
        var now = Stopwatch.GetTimestamp();
        foreach (var sensor in sensors)
        {
            bench.Offer("probe"u8, now++, sensor);
            bench.Offer("probe"u8, now++, sensor);
        }

        bench.Work();

        var messages = bench.TakeAlerts();
        Assert.Equal(["probe", "probe", "probe", "summary of 1"], messages.Select(Describe));
        Assert.Equal("s0", JsonDocument.Parse(messages[3]).RootElement.GetProperty("sensor").GetString());
        Assert.Equal((2, 1), (bench.Worker.Counters.SuppressedPairs, bench.Worker.Counters.SuppressedPairsEvicted));
        AssertBooks(bench, alerted: 6, suppressed: 3, summaries: 1);
    }

    [Fact]
    public void PlanPark_WhileNothingIsHeldBack_SleepsUntilTheBell()
    {
        using var bench = new WorkerBench(Rules(Hours));
        OfferProbes(bench, 1); // A window is open, but owes nobody anything.
        bench.Work();

        Assert.Equal(-1, bench.Worker.PlanPark().TimeoutMilliseconds);
        Assert.False(bench.Worker.NeedsOwnThread);
        Assert.False(bench.Worker.HasWork);
    }

    [Fact]
    public void PlanPark_WhileSomethingIsHeldBack_SleepsUntilTheSummaryIsDue()
    {
        using var bench = new WorkerBench(Rules(HalfMinute));
        var now = Stopwatch.GetTimestamp();
        bench.Offer("probe", now);
        bench.Offer("probe", now);
        bench.Worker.DoWork();

        Assert.True(bench.Worker.NeedsOwnThread);
        Assert.InRange(bench.Worker.PlanPark().TimeoutMilliseconds, 1, 30_001);
        Assert.False(bench.Worker.NeedsOwnThread); // Planned for: further repeats wake nobody.
        OfferProbes(bench, 2);
        bench.Worker.DoWork();
        Assert.False(bench.Worker.NeedsOwnThread);
        Assert.False(bench.Worker.HasWork); // Time alone must not keep the thread busy.
    }

    [Fact]
    public void PlanPark_WithAWindowOfHours_DoesNotPoll()
    {
        using var bench = new WorkerBench(Rules(Hours));
        OfferProbes(bench, 2);
        bench.Work();

        Assert.Equal(60_000, bench.Worker.PlanPark().TimeoutMilliseconds);
    }

    [Fact]
    public void Drive_ThatHoldsTheFirstRepeatBack_WakesTheParkedThreadToPlanAnew()
    {
        using var bench = new WorkerBench(Rules(Hours));
        using var bell = new Doorbell();
        var runner = new RoleRunner(bench.Worker, bell);
        Assert.True(runner.BeginPark());
        Assert.Equal(-1, bench.Worker.PlanPark().TimeoutMilliseconds);
        OfferProbes(bench, 1);
        runner.Drive();
        Assert.Equal(0, runner.Rings);
        Calm(bench);
        OfferProbes(bench, 1);
        runner.Drive();
        Assert.Equal(1, runner.Rings);

        bench.Worker.Woke();
        Assert.True(runner.BeginPark());
        bench.Worker.PlanPark();
        Calm(bench);
        OfferProbes(bench, 5);
        runner.Drive();
        Assert.Equal(1, runner.Rings);
        Assert.Equal(1, bench.Worker.SummariesOwed);
    }

    private static RuleSet Rules(TimeSpan window) =>
        SmallRules.Of(SmallRules.Suppressed(SmallRules.Literal("d.probe", "probe", Severity.Low), window));

    private static void OfferProbes(WorkerBench bench, int count)
    {
        for (var i = 0; i < count; i++)
        {
            bench.Offer("probe");
        }
    }

    /// <summary>Lets the worker forget how long code took that was not yet compiled; it would ring for the backlog's sake.</summary>
    private static void Calm(WorkerBench bench)
    {
        for (var i = 0; i < 100; i++)
        {
            bench.Offer("clean");
            bench.Worker.DoWork();
        }
    }

    private static void Drain(WorkerBench bench, List<string> messages)
    {
        for (var wakes = 0; bench.Payloads.Reader.HasRecords || bench.Worker.HasWork || wakes < 20; wakes++)
        {
            Assert.InRange(wakes, 0, 1_000);
            bench.Worker.Woke();
            bench.Work();
            messages.AddRange(bench.TakeAlerts());
        }
    }

    private static void AssertBooks(WorkerBench bench, long alerted, long suppressed, long summaries) => Assert.Equal(
        (alerted, suppressed, summaries),
        (bench.Alerted, bench.Worker.Counters.Suppressed, bench.Worker.Counters.Summaries));

    private static (JsonElement First, JsonElement Second) Pair(List<string> messages)
    {
        Assert.Equal(2, messages.Count);
        return (JsonDocument.Parse(messages[0]).RootElement, JsonDocument.Parse(messages[1]).RootElement);
    }

    private static string Describe(string message)
    {
        var root = JsonDocument.Parse(message).RootElement;
        return root.GetProperty("kind").GetString() == "summary"
            ? $"summary of {root.GetProperty("count").GetInt64()}"
            : root.GetProperty("payload").GetProperty("text").GetString()!;
    }
}
