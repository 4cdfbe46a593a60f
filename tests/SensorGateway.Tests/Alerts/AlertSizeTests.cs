using System.Text;
using System.Text.Json;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Alerts;

public sealed class AlertSizeTests
{
    private static readonly string[] Hostile = ["\u0001", "\"", "\\", "\u009b", "\u2028", "é", "😀", "a"];

    [Fact]
    public void Json_OfHostilePayloadsAndRules_AlwaysFitsAndParses()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var options = new AlertOptions
            {
                Gateway = "edge-1",
                PayloadBytesMax = random.Next(1, 8_192),
                RulesMax = random.Next(1, 33),
                MessageBytesMax = random.Next(1_024, 16_384),
            };
            using var bench = new AlertBench(options);
            var payload = RandomPayload(random);
            var rules = Enumerable.Range(0, random.Next(1, 40)).Select(_ => RandomRule(random, payload.Length)).ToArray();

            using var json = JsonDocument.Parse(bench.Encode(payload, rules));

            Assert.InRange(bench.Encoder.Json.Length, 1, options.MessageBytesMax);
            AssertHonest(json.RootElement, payload, rules.Length, options);
        }
    }

    [Fact]
    public void Json_OfARuleLongerThanTheMessage_LeavesTheRuleOutButCountsIt()
    {
        using var bench = new AlertBench(new AlertOptions { Gateway = "edge-1", MessageBytesMax = 4_096 });
        var endless = new AlertRule("big", new string('"', 5_000), Severity.Critical, [], null);

        using var json = JsonDocument.Parse(bench.Encode("abc"u8, (endless, null, 0, 1)));

        Assert.InRange(bench.Encoder.Json.Length, 1, 4_096);
        Assert.Equal(0, json.RootElement.GetProperty("rules").GetArrayLength());
        Assert.Equal(1, json.RootElement.GetProperty("rules_total").GetInt32());
        Assert.Equal("critical", json.RootElement.GetProperty("severity").GetString());
    }

    [Fact]
    public void TakesRules_AtTheLimit_IsFalse()
    {
        using var bench = new AlertBench(new AlertOptions { Gateway = "edge-1", RulesMax = 1 });
        bench.Encoder.Begin(bench.Sensor, 0, "x"u8, new byte[32], 2);

        Assert.True(bench.Encoder.TakesRules);
        bench.Encoder.AddRule(AlertBench.Plain, null, -1, 0, "x"u8);
        Assert.False(bench.Encoder.TakesRules);
    }

    private static void AssertHonest(JsonElement alert, byte[] payload, int rules, AlertOptions options)
    {
        Assert.Equal(rules, alert.GetProperty("rules_total").GetInt32());
        Assert.InRange(alert.GetProperty("rules").GetArrayLength(), 0, Math.Min(rules, options.RulesMax));
        var shown = alert.GetProperty("payload");
        Assert.Equal(payload.Length, shown.GetProperty("bytes").GetInt32());
        var bytes = shown.TryGetProperty("text", out var text)
            ? Encoding.UTF8.GetBytes(text.GetString()!)
            : shown.GetProperty("base64").GetBytesFromBase64();
        Assert.InRange(bytes.Length, 0, options.PayloadBytesMax);
        Assert.Equal(payload.AsSpan(0, bytes.Length).ToArray(), bytes);
        Assert.Equal(bytes.Length < payload.Length, shown.GetProperty("truncated").GetBoolean());
    }

    private static (AlertRule Rule, string? Title, int Offset, int Length) RandomRule(Random random, int payloadBytes)
    {
        var rule = new AlertRule(
            RandomText(random, 40),
            RandomText(random, 300),
            (Severity)random.Next(5),
            Enumerable.Range(0, random.Next(5)).Select(_ => RandomText(random, 40)),
            random.Next(2) == 0 ? null : RandomText(random, 40));
        var offset = random.Next(-1, payloadBytes);
        return (rule, random.Next(4) == 0 ? RandomText(random, 50) : null, offset, random.Next(payloadBytes - Math.Max(0, offset) + 1));
    }

    private static byte[] RandomPayload(Random random)
    {
        if (random.Next(3) > 0)
        {
            return Encoding.UTF8.GetBytes(RandomText(random, 8_000) + "x");
        }

        var bytes = new byte[random.Next(1, 8_000)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string RandomText(Random random, int characters)
    {
        var text = new StringBuilder();
        var only = random.Next(2) == 0 ? Hostile[random.Next(Hostile.Length)] : null;
        for (var i = random.Next(characters); i > 0; i--)
        {
            text.Append(only ?? Hostile[random.Next(Hostile.Length)]);
        }

        return text.ToString();
    }
}
