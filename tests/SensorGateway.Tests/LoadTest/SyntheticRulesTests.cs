using System.Buffers.Binary;
using System.Text;
using SensorGateway.LoadTest.Sending;
using SensorGateway.TestKit.PlainRules;

namespace SensorGateway.Tests.LoadTest;

public sealed class SyntheticRulesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public void Yaml_OnItsPayloads_LetsOnlyTheLastRuleHitAndOnlyAlerts(int count)
    {
        var rules = PlainRulePack.Parse(SyntheticRules.Yaml(count)).ToList();
        var payloads = PayloadSet.Events(233);
        var frame = new byte[payloads.FrameBytesMax];
        for (var sequence = 0L; sequence < 256; sequence++)
        {
            var alert = sequence % 2 == 0;
            var length = payloads.Write(frame, sequence, alert) - PayloadSet.LengthBytes;
            var text = Encoding.Latin1.GetString(frame, PayloadSet.LengthBytes, length);

            Assert.Equal((uint)length, BinaryPrimitives.ReadUInt32BigEndian(frame));
            Assert.Equal(233, length);
            Assert.Contains($" mk={sequence:D10}", text, StringComparison.Ordinal);
            Assert.Equal(alert ? ["zz.hit"] : [], rules.Where(rule => rule.Match.IsMatch(text))
                .Select(rule => rule.Id));
        }

        Assert.Equal(count, rules.Count);
        Assert.Equal("zz.hit", rules[^1].Id);
        Assert.Equal("zz.hit", rules.Select(rule => rule.Id).Max(StringComparer.Ordinal));
    }
}
