using System.Text.Json;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Detection.Workers;

public sealed class DetectionWorkerTests
{
    private static readonly string[] Samples =
    [
        "GET /index.html", "q=<script>x", "GET /etc/passwd <script", "1 UNION  SELECT 2", "probe", "{\"t\":21.5}",
    ];

    [Fact]
    public void Counters_OfRandomTraffic_AddUp()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            using var bench = new WorkerBench(SmallRules.Attacks, detection: new() { CacheEntries = seed % 2 * 100 });
            var (offered, alerts) = (0, 0);
            for (var round = 0; round < 20; round++)
            {
                for (var i = random.Next(100); i > 0; i--, offered++)
                {
                    bench.Offer(Samples[random.Next(Samples.Length)] + random.Next(50));
                }

                bench.Work();
                alerts += bench.TakeAlerts().Count;
            }

            Assert.Equal(offered, bench.Worker.Counters.Clean + bench.Alerted);
            Assert.Equal(alerts, bench.Alerted);
            Assert.Equal(offered, bench.Worker.DetectorCounters.Payloads);
            Assert.Equal(0, bench.Payloads.Reader.Depth);
        }
    }

    [Fact]
    public void DoWork_OfSeveralMatches_ReportsTheGravestFirst()
    {
        using var bench = new WorkerBench(SmallRules.Attacks);
        bench.Offer("probe <script /etc/passwd");
        bench.Work();

        using var alert = JsonDocument.Parse(Assert.Single(bench.TakeAlerts()));
        var rules = alert.RootElement.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(["b.passwd", "a.script", "d.probe"], rules.Select(rule => rule.GetProperty("id").GetString()));
        Assert.Equal([14, 6, 0], rules.Select(rule => rule.GetProperty("offset").GetInt32()));
        Assert.Equal("/etc/passwd", rules[0].GetProperty("text").GetString());
        Assert.Equal("critical", alert.RootElement.GetProperty("severity").GetString());
        Assert.Equal(1, bench.Worker.Counters.Alerted(Severity.Critical));
    }

    [Fact]
    public void DoWork_OfAHashHit_ReportsTheListWithTheLabel()
    {
        var payload = "known bad"u8.ToArray();
        using var bench = new WorkerBench(SmallRules.WithHash(SmallRules.Attacks, "mine", "Dropper A", payload));
        bench.Offer(payload);
        bench.Offer("known good");
        bench.Work();

        using var alert = JsonDocument.Parse(Assert.Single(bench.TakeAlerts()));
        var rule = Assert.Single(alert.RootElement.GetProperty("rules").EnumerateArray());
        Assert.Equal("ioc.mine", rule.GetProperty("id").GetString());
        Assert.Equal("Dropper A", rule.GetProperty("title").GetString());
        Assert.False(rule.TryGetProperty("offset", out _));
        Assert.Equal(1, bench.Worker.Counters.Clean);
    }

    [Fact]
    public void DoWork_OfAMatchBehindATransform_ShowsTheTransformedBytes()
    {
        var rules = SmallRules.Of(SmallRules.Literal("a.script", "<script", Severity.High) with
        {
            Match = new LiteralTerm([.. "<script"u8], NoCase: false) { Chain = new(TransformStep.UrlDecode) },
        });
        using var bench = new WorkerBench(rules);
        bench.Offer("a%20b=%3Cscript%3E");
        bench.Work();

        using var alert = JsonDocument.Parse(Assert.Single(bench.TakeAlerts()));
        Assert.Equal(
            """{"id":"a.script","title":"Rule a.script","severity":"high","tags":[],"transform":"url-decode","offset":4,"length":7,"text":"<script"}""",
            Assert.Single(alert.RootElement.GetProperty("rules").EnumerateArray()).GetRawText());
        Assert.Equal("a%20b=%3Cscript%3E", alert.RootElement.GetProperty("payload").GetProperty("text").GetString());
    }

    [Fact]
    public void DoWork_OfMoreMatchesThanAnAlertLists_CountsThemAll()
    {
        using var bench = new WorkerBench(
            SmallRules.Attacks,
            alerts: new AlertOptions { Gateway = "g", RulesMax = 1, MessageBytesMax = 1_024 });
        bench.Offer("probe <script /etc/passwd");
        bench.Work();

        using var alert = JsonDocument.Parse(Assert.Single(bench.TakeAlerts()));
        Assert.Equal(1, alert.RootElement.GetProperty("rules").GetArrayLength());
        Assert.Equal(3, alert.RootElement.GetProperty("rules_total").GetInt32());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void DoWork_WithTheAlertRingFull_LosesNothingAndCountsNothingTwice(int alertProducers)
    {
        using var bench = new WorkerBench(SmallRules.Attacks, alertRingBytes: 4_096, alertProducers: alertProducers);
        for (var i = 0; i < 100; i++)
        {
            bench.Offer($"probe {i}");
            bench.Offer($"clean {i}");
        }

        bench.Work();
        Assert.True(bench.Worker.NeedsOwnThread);
        Assert.False(bench.Worker.HasWork);
        Assert.InRange(bench.Worker.PlanPark().TimeoutMilliseconds, 1, 100);
        var full = bench.Alerted;
        Assert.InRange(full, 1, 99);
        for (var i = 0; i < 5; i++)
        {
            bench.Worker.Woke();
            bench.Work(); // Still full: nothing may move.
        }

        Assert.Equal(full, bench.Alerted);
        var alerts = Drain(bench);

        Assert.Equal(100, alerts.Count);
        Assert.Equal((100L, 100L), (bench.Worker.Counters.Clean, bench.Alerted));
        Assert.Equal(200, bench.Worker.DetectorCounters.Payloads);
        Assert.Equal(100, bench.Worker.DetectorCounters.Matches.Cells[3]);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"probe {i}"), alerts.Select(TextOf));
        Assert.Equal(Enumerable.Range(1, 100).Select(i => $"edge-1-0000000000-{i}"), alerts.Select(IdOf));
        Assert.Equal(bench.Worker.Counters.Detect.Count, bench.Worker.Counters.IngestToDetect.Count);
    }

    [Fact]
    public void DoWork_WhenAnotherWorkerTakesTheRoomMeanwhile_KeepsTheAlertAndJudgesOnce()
    {
        using var bench = new WorkerBench(SmallRules.Attacks, wrap: static writer => new RobbedWriter(writer));
        for (var i = 0; i < 30; i++)
        {
            bench.Offer($"probe {i}");
        }

        var turns = 0;
        for (; bench.Payloads.Reader.HasRecords; turns++)
        {
            Assert.InRange(turns, 0, 1_000);
            bench.Worker.DoWork();
        }

        Assert.InRange(turns, 60, 200); // Two of three claims fail after the look that promised room.
        var alerts = bench.TakeAlerts();
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"probe {i}"), alerts.Select(TextOf));
        Assert.Equal(Enumerable.Range(1, 30).Select(i => $"edge-1-0000000000-{i}"), alerts.Select(IdOf));
        Assert.Equal((30L, 30L), (bench.Alerted, bench.Worker.DetectorCounters.Payloads));
        Assert.Equal(30, bench.Worker.DetectorCounters.Matches.Cells[3]);
    }

    [Fact]
    public void DoWork_AfterRoomWasMade_IsWokenByTheBell()
    {
        using var bench = new WorkerBench(SmallRules.Attacks, alertRingBytes: 4_096);
        for (var i = 0; i < 50; i++)
        {
            bench.Offer("probe");
        }

        bench.Work();
        Assert.True(bench.Worker.NeedsOwnThread);
        Assert.False(bench.BellHasRung);
        bench.TakeAlerts();
        Assert.True(bench.BellHasRung);
    }

    [Fact]
    public void Use_OfAnotherGeneration_TakesEffectWithTheNextTurn()
    {
        using var bench = new WorkerBench(SmallRules.Attacks);
        bench.Offer("probe");
        bench.Offer("fresh");
        bench.Work();
        Assert.Equal((1L, 1L), (bench.Worker.Counters.Clean, bench.Alerted));

        var next = RuleProgram.Build(SmallRules.Of(SmallRules.Literal("new.one", "fresh", Severity.Info)), bench.Options);
        bench.Worker.Use(next);
        bench.Offer("probe");
        bench.Offer("fresh");
        bench.Work();

        Assert.Equal((2L, 2L), (bench.Worker.Counters.Clean, bench.Alerted));
        Assert.Same(next, bench.Worker.DetectorCounters.Matches.Program);
        Assert.Contains("\"new.one\"", bench.TakeAlerts()[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Use_WhileAnAlertIsHeldBack_StillSendsItOnce()
    {
        using var bench = new WorkerBench(SmallRules.Attacks, alertRingBytes: 4_096);
        for (var i = 0; i < 50; i++)
        {
            bench.Offer($"probe {i}");
        }

        bench.Work();
        bench.Worker.Use(RuleProgram.Build(SmallRules.Attacks, bench.Options));
        var alerts = Drain(bench);

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"probe {i}"), alerts.Select(TextOf));
        Assert.Equal(50, bench.Alerted);
    }

    [Fact]
    public void DoWork_OfAFlood_IsBoundedPerTurn()
    {
        using var bench = new WorkerBench(SmallRules.Attacks);
        for (var i = 0; i < 1_000; i++)
        {
            bench.Offer("clean");
        }

        Assert.Equal(256, bench.Worker.DoWork());
        Assert.Equal(744, bench.Payloads.Reader.Depth);
        for (var i = 0; i < 200; i++)
        {
            bench.Offer("probe");
        }

        bench.Work();
        Assert.Equal((1_000L, 200L), (bench.Worker.Counters.Clean, bench.Alerted));
    }

    [Fact]
    public void Constructor_WithAlertsLongerThanTheirRingTakes_Throws()
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerBench(
            SmallRules.Attacks,
            alertRingBytes: 4_096,
            alerts: new AlertOptions { Gateway = "g", MessageBytesMax = 4_096 }));

        Assert.Contains("takes records of at most 2016 bytes; make it larger", refusal.Message, StringComparison.Ordinal);
    }

    private static List<string> Drain(WorkerBench bench)
    {
        var alerts = bench.TakeAlerts();
        for (var wakes = 0; bench.Payloads.Reader.HasRecords; wakes++)
        {
            Assert.InRange(wakes, 0, 1_000);
            bench.Worker.Woke();
            bench.Work();
            alerts.AddRange(bench.TakeAlerts());
        }

        return alerts;
    }

    private static string? TextOf(string alert) =>
        JsonDocument.Parse(alert).RootElement.GetProperty("payload").GetProperty("text").GetString();

    private static string? IdOf(string alert) => JsonDocument.Parse(alert).RootElement.GetProperty("id").GetString();
}
