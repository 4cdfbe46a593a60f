using System.Text;
using SensorGateway.TestKit.PlainRules;
using SensorGateway.Traffic;

namespace SensorGateway.Tests.Traffic;

public sealed class TrafficGeneratorTests
{
    private readonly byte[] _buffer = new byte[TrafficGenerator.PayloadBytesMax];

    [Fact]
    public void Next_OfTwoGeneratorsWithOneSeed_GivesTheSamePayloads()
    {
        var (one, other) = (new TrafficGenerator(7), new TrafficGenerator(7));
        var twin = new byte[TrafficGenerator.PayloadBytesMax];

        for (var i = 0; i < 5_000; i++)
        {
            var length = one.Next(_buffer, out var kind);
            var twinLength = other.Next(twin, out var twinKind);

            Assert.Equal(kind, twinKind);
            Assert.True(_buffer.AsSpan(0, length).SequenceEqual(twin.AsSpan(0, twinLength)));
        }
    }

    [Fact]
    public void Next_OfTwoSeeds_GivesDifferentPayloads()
    {
        var twin = new byte[TrafficGenerator.PayloadBytesMax];
        var length = new TrafficGenerator(1).Next(_buffer, out _);
        var twinLength = new TrafficGenerator(2).Next(twin, out _);

        Assert.False(_buffer.AsSpan(0, length).SequenceEqual(twin.AsSpan(0, twinLength)));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void Next_WithARatio_IsMaliciousThatOften(double ratio)
    {
        const int count = 50_000;
        var generator = new TrafficGenerator(3, ratio);
        var malicious = 0;
        for (var i = 0; i < count; i++)
        {
            generator.Next(_buffer, out var kind);
            malicious += TrafficKinds.IsMalicious(kind) ? 1 : 0;
        }

        // Five standard deviations of a binomial count: the seed is fixed, so this never flaps.
        var slack = 5 * Math.Sqrt(count * ratio * (1 - ratio));
        Assert.InRange(malicious, (count * ratio) - slack, (count * ratio) + slack);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void Constructor_WithARatioOutOfRange_Refuses(double ratio) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrafficGenerator(1, ratio));

    [Fact]
    public void Next_OverManySeeds_StaysWithinSizesAndIsMostlySmall()
    {
        var (total, usual) = (0, 0);
        for (var seed = 0; seed < 40; seed++)
        {
            var generator = new TrafficGenerator(seed, 0.3);
            for (var i = 0; i < 2_000; i++, total++)
            {
                var length = generator.Next(_buffer, i, out var kind) - TrafficMarker.Bytes;

                Assert.True(length is >= TrafficGenerator.PayloadBytesMin and <= TrafficGenerator.PayloadBytesMax,
                    $"{kind}: {length} bytes");
                usual += length is >= 100 and <= 600 ? 1 : 0;
            }
        }

        Assert.InRange((double)usual / total, 0.8, 0.98);
    }

    [Fact]
    public void Next_WithANumber_CarriesItOnceWhereAnAlertStillShowsIt()
    {
        var generator = new TrafficGenerator(11, 0.5);
        var seen = new HashSet<TrafficKind>();
        for (var i = 0; i < 20_000; i++)
        {
            var number = 1_234_567_000L + i;
            var payload = _buffer.AsSpan(0, generator.Next(_buffer, number, out var kind));
            var marker = Encoding.ASCII.GetBytes($" mk={number:D10}");

            var at = payload.IndexOf(marker);

            Assert.True(at >= 0, $"{kind} lacks its marker");
            Assert.Equal(-1, payload[(at + 1)..].IndexOf(TrafficMarker.Prefix));
            Assert.True(!TrafficKinds.IsMalicious(kind) || at + marker.Length <= 1024,
                $"{kind} carries its marker at {at}");
            seen.Add(kind);
        }

        Assert.Equal(TrafficKinds.All.Length, seen.Count);
    }

    [Fact]
    public void Next_AfterConstruction_AllocatesNothing()
    {
        var generator = new TrafficGenerator(5, 0.5);
        generator.Next(_buffer, 1, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 2_000; i++)
        {
            generator.Next(_buffer, i, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Next_OfEveryKind_TriggersExactlyTheRulesItShould()
    {
        var rules = PlainRulePack.Load(RulePack.Folder);
        var triggered = new HashSet<TrafficKind>();
        for (var seed = 0; seed < 4; seed++)
        {
            var generator = new TrafficGenerator(seed, 0.5);
            for (var i = 0; i < 2_500; i++)
            {
                var length = generator.Next(_buffer, i, out var kind);
                var payload = Encoding.Latin1.GetString(_buffer, 0, length);

                var found = rules.Where(rule => rule.Match.IsMatch(payload)).Select(rule => rule.Id).ToHashSet();

                Assert.True(TrafficKinds.RuleIds(kind).All(found.Contains), $"{kind} lacks a rule: {payload}");
                Assert.True(TrafficKinds.IsMalicious(kind) || found.Count == 0,
                    $"{string.Join(' ', found)} on {kind}: {payload}");
                triggered.Add(kind);
            }
        }

        Assert.Equal(TrafficKinds.All.Length, triggered.Count);
    }

    [Fact]
    public void RuleIds_OfEveryKind_NameRulesOfThePackExactlyWhenMalicious()
    {
        var known = PlainRulePack.Load(RulePack.Folder).Select(rule => rule.Id).ToHashSet();

        Assert.All(TrafficKinds.All, kind =>
        {
            Assert.Equal(TrafficKinds.IsMalicious(kind), TrafficKinds.RuleIds(kind).Length > 0);
            Assert.All(TrafficKinds.RuleIds(kind), id => Assert.Contains(id, known));
        });
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(TrafficMarker.NumberMax + 1)]
    public void MarkerWrite_OfANumberThatDoesNotFit_Refuses(long number) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TrafficMarker.Write(_buffer, number));
}
