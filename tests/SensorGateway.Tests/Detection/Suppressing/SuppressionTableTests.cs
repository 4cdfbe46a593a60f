using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Suppressing;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Detection.Workers;

namespace SensorGateway.Tests.Detection.Suppressing;

public sealed class SuppressionTableTests
{
    private const int Programs = 12;

    // The last one has the handle of the first: to the table they are two, as after a handle was given to another sensor.
    private static readonly Sensor[] Sensors =
        [.. Enumerable.Range(0, 6).Select(i => new Sensor(i, $"s{i}", "tcp")), new Sensor(0, "heir", "tcp")];

    [Theory]
    [InlineData(1_000, 1)]
    [InlineData(1_000, 40)]
    [InlineData(5, 1)]
    [InlineData(1, 1)]
    [InlineData(5, 5_000)]
    public void Hold_OfRandomPayloadsAndReloads_DoesAsThePlainModel(int pairsMax, int takeEvery)
    {
        var programs = Enumerable.Range(0, Programs).Select(seed => RandomProgram(new Random(seed))).ToArray();
        for (var seed = 0; seed < 8; seed++)
        {
            var run = new Run(programs, new Random(seed), pairsMax, takeEvery);
            for (var step = 0; step < 4_000; step++)
            {
                run.Step();
            }

            run.Finish();
        }
    }

    [Fact]
    public void Hold_WithAllSlotsWaitingForTheirSummaries_SendsRatherThanForgets()
    {
        var table = new SuppressionTable(pairsMax: 1);
        var program = Build(SmallRules.Suppressed(SmallRules.Literal("a", "x", Severity.Low), TimeSpan.FromHours(1)));
        table.Use(SuppressionPlan.For(program));
        var sent = 0;
        const int Pairs = SuppressionTable.SpareSlots + 50;
        for (var i = 0; i < Pairs; i++)
        {
            var sensor = new Sensor(i, $"s{i}", "tcp"); // Each new pair pushes the one before out.
            sent += table.Hold([0], sensor, i * 10) + table.Hold([0], sensor, i * 10 + 1);
        }

        var (summaries, held) = (0, 0L);
        table.CloseUntil(long.MaxValue, int.MaxValue);
        while (table.TryTake(out var summary))
        {
            summaries++;
            held += summary.Count;
        }

        Assert.Equal(SuppressionTable.SpareSlots + 1, summaries);
        Assert.Equal(2 * Pairs, sent + held);
        Assert.Equal((0, 0), (table.OpenCount, table.SummariesOwed));
        Assert.Equal(1, table.Hold([0], Sensors[1], 5)); // And it works on as before.
        Assert.Equal(0, table.Hold([0], Sensors[1], 6));
    }

    [Fact]
    public void CloseUntil_OfManyWindows_IsBoundedPerCall()
    {
        var table = new SuppressionTable(pairsMax: 100);
        table.Use(SuppressionPlan.For(Build(
            SmallRules.Suppressed(SmallRules.Literal("a", "x", Severity.Low), TimeSpan.FromSeconds(1)))));
        for (var i = 0; i < 100; i++)
        {
            table.Hold([0], new Sensor(i, $"s{i}", "tcp"), i);
        }

        Assert.False(table.CloseUntil(long.MaxValue, 60));
        Assert.Equal(40, table.OpenCount);
        Assert.True(table.CloseUntil(long.MaxValue, 60));
        Assert.Equal((0, 0), (table.OpenCount, table.SummariesOwed));
    }

    [Fact]
    public void Hold_AtTheVeryEndOfTheWindow_SendsAgain()
    {
        var table = new SuppressionTable(pairsMax: 4);
        table.Use(SuppressionPlan.For(Build(
            SmallRules.Suppressed(SmallRules.Literal("a", "x", Severity.Low), TimeSpan.FromSeconds(1)))));
        var end = 100 + Clock.Ticks(TimeSpan.FromSeconds(1));

        Assert.Equal(1, table.Hold([0], Sensors[0], 100));
        Assert.Equal(0, table.Hold([0], Sensors[0], end - 1));
        Assert.True(table.CloseUntil(end - 1, 10));
        Assert.Equal(1, table.OpenCount);
        Assert.Equal(1, table.Hold([0], Sensors[0], end));
        Assert.True(table.TryTake(out var held));
        Assert.Equal((1, end - 1, end - 1), (held.Count, held.FirstTicks, held.LastTicks));
        Assert.True(table.CloseUntil(end + Clock.Ticks(TimeSpan.FromSeconds(1)), 10));
        Assert.Equal(0, table.OpenCount);
    }

    [Fact]
    public void Hold_OfAHashList_LetsItThrough()
    {
        var rules = SmallRules.WithHash(
            SmallRules.Of(SmallRules.Suppressed(SmallRules.Literal("a", "x", Severity.Low), TimeSpan.FromHours(1))),
            "mine", "label", "x"u8);
        var table = new SuppressionTable(pairsMax: 4);
        table.Use(SuppressionPlan.For(RuleProgram.Build(rules, new DetectionOptions())));
        int[] matched = [0, 1];

        Assert.Equal(2, table.Hold(matched, Sensors[0], 1));
        Assert.Equal(1, table.Hold(matched, Sensors[0], 2));
        Assert.Equal(1, matched[0]);
    }

    private static RuleProgram Build(params Rule[] rules) => RuleProgram.Build(SmallRules.Of(rules), new DetectionOptions());

    private static RuleProgram RandomProgram(Random random)
    {
        var rules = Enumerable.Range(0, 8).Where(_ => random.Next(4) > 0).Select(i => SmallRules.Suppressed(
            SmallRules.Literal($"rule.{i}", "x", Severity.Low),
            TimeSpan.FromMilliseconds(random.Next(4) == 0 ? 0 : random.Next(1, 50))));
        return Build([.. rules]);
    }

    private sealed class Run(RuleProgram[] programs, Random random, int pairsMax, int takeEvery)
    {
        private readonly SuppressionTable _table = new(pairsMax);
        private readonly PlainSuppression _plain = new(pairsMax, pairsMax + SuppressionTable.SpareSlots);
        private readonly List<PlainSummary> _taken = [];
        private readonly List<PlainSummary> _expected = [];
        private RuleProgram? _program;
        private long _now = 1_000;

        public void Step()
        {
            _now += random.Next(5) == 0 ? 0 : random.NextInt64(Clock.Ticks(TimeSpan.FromMilliseconds(4)));
            if (_program is null || random.Next(50) == 0)
            {
                Reload();
            }
            else
            {
                Payload();
            }

            if (random.Next(takeEvery) == 0)
            {
                Take();
            }

            Assert.Equal(_plain.OpenCount, _table.OpenCount);
            Assert.Equal(_plain.SummariesOwed, _table.SummariesOwed);
        }

        public void Finish()
        {
            while (_plain.SummariesOwed > 0 || _table.SummariesOwed > 0)
            {
                Close(long.MaxValue);
                Take();
            }

            Assert.Equal(_plain.Evicted, _table.Evicted);
            Assert.False(_table.HasClosed);
            Assert.NotEmpty(_expected);
            Assert.Equal(_expected.OrderBy(one => one.ToString()), _taken.OrderBy(one => one.ToString()));
        }

        private void Payload()
        {
            // Now and then nobody closes in time: the payload itself must find that its window is over.
            if (random.Next(3) > 0)
            {
                Close(_now);
            }

            var sensor = Sensors[random.Next(Sensors.Length)];
            var matched = Enumerable.Range(0, _program!.Reported.Length).Where(_ => random.Next(2) == 0).ToArray();
            var ids = matched.Select(rule => _program.Reported[rule].Id).ToList();
            var at = _now - random.Next(1_000); // Sources hand over a little out of order.
            var expected = _plain.Hold(ids, sensor, at);

            var stay = _table.Hold(matched, sensor, at);

            Assert.Equal(expected, matched[..stay].Select(rule => _program.Reported[rule].Id));
        }

        private void Reload()
        {
            _program = programs[random.Next(programs.Length)];
            _plain.Use(_program.Rules.Rules
                .Where(static rule => rule.SuppressFor > TimeSpan.Zero)
                .ToDictionary(static rule => rule.Id, static rule => Clock.Ticks(rule.SuppressFor)));
            _table.Use(SuppressionPlan.For(_program));
            while (_table.IsSweeping)
            {
                _table.Sweep(random.Next(1, 10));
            }
        }

        private void Close(long until)
        {
            _plain.CloseUntil(until);
            while (!_table.CloseUntil(until, random.Next(1, 5)))
            {
            }
        }

        private void Take()
        {
            while (_plain.TryTake(out var summary))
            {
                _expected.Add(summary!);
            }

            while (_table.TryTake(out var held))
            {
                _taken.Add(new PlainSummary(held.Rule.Id, held.Sensor.Id, held.Count, held.FirstTicks, held.LastTicks));
            }
        }
    }
}
