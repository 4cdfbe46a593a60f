using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SensorGateway.IntegrationTests.Sources;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Gateway;

[SupportedOSPlatform("linux")]
public sealed class AlertContentTests
{
    private static readonly RuleSet Rules = TestRules.Set(
        TestRules.Literal("test.evil", TestRules.Evil),
        TestRules.Regex("test.attack", "attack-[0-9]{3}", Severity.Low));

    [Theory]
    [InlineData(SourceType.Tcp, Framing.LengthPrefixed)]
    [InlineData(SourceType.Tcp, Framing.Newline)]
    [InlineData(SourceType.Tcp, Framing.OctetCounted)]
    [InlineData(SourceType.Unix, Framing.LengthPrefixed)]
    [InlineData(SourceType.Udp, Framing.LengthPrefixed)]
    public void Payload_OverEachTransport_BecomesTheRightAlert(SourceType type, Framing framing)
    {
        var folder = Directory.CreateTempSubdirectory("sg-e2e-");
        try
        {
            var source = type switch
            {
                SourceType.Unix => TestOptions.Unix(folder.FullName, "field"),
                SourceType.Udp => TestOptions.Udp("field"),
                _ => TestOptions.Tcp("field", framing),
            };
            var payload = Frames.Text("GET /a?q=EVIL&r=attack-123 \"é\" HTTP/1.1");
            var before = DateTimeOffset.UtcNow;
            var alert = AlertOf(payload, source, framing).RootElement;

            var sensor = type == SourceType.Unix ? "field" : "127.0.0.1";
            Assert.Equal("alert", alert.GetProperty("kind").GetString());
            Assert.Matches(new Regex("^test-1-[0-9a-f]{10,}-1$"), alert.GetProperty("id").GetString());
            var time = alert.GetProperty("time").GetString()!;
            Assert.Matches(new Regex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"), time);
            Assert.InRange(
                DateTimeOffset.Parse(time, CultureInfo.InvariantCulture),
                before - TimeSpan.FromSeconds(5),
                DateTimeOffset.UtcNow + TimeSpan.FromSeconds(5));
            Assert.Equal("test-1", alert.GetProperty("gateway").GetString());
            Assert.Equal("field", alert.GetProperty("source").GetString());
            Assert.Equal(sensor, alert.GetProperty("sensor").GetString());
            Assert.Equal("high", alert.GetProperty("severity").GetString());
            Assert.Equal(2, alert.GetProperty("rules_total").GetInt32());
            AssertRule(alert.GetProperty("rules")[0], "test.evil", "high", payload, "EVIL");
            AssertRule(alert.GetProperty("rules")[1], "test.attack", "low", payload, "attack-123");
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(payload)), alert.GetProperty("sha256").GetString());
            Assert.Equal(payload.Length, alert.GetProperty("payload").GetProperty("bytes").GetInt32());
            Assert.Equal(Encoding.UTF8.GetString(payload), alert.GetProperty("payload").GetProperty("text").GetString());
            Assert.False(alert.GetProperty("payload").GetProperty("truncated").GetBoolean());
            Assert.Equal(
                [
                    "kind", "id", "time", "gateway", "source", "sensor", "severity", "rules", "rules_total", "sha256",
                    "payload",
                ],
                alert.EnumerateObject().Select(static field => field.Name));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Payload_OfInvalidUtf8AndNul_IsShownAsBase64()
    {
        byte[] payload = [0x00, 0xFF, 0xC3, 0x28, .. "EVIL"u8, 0x80, 0x00];

        var alert = AlertOf(payload).RootElement;

        Assert.Equal(payload, alert.GetProperty("payload").GetProperty("base64").GetBytesFromBase64());
        Assert.False(alert.GetProperty("payload").TryGetProperty("text", out _));
        Assert.Equal(4, alert.GetProperty("rules")[0].GetProperty("offset").GetInt32());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(payload)), alert.GetProperty("sha256").GetString());
    }

    [Fact]
    public void Payload_OfNulAndControlsAndQuotes_SurvivesJsonAsText()
    {
        byte[] payload = [0x00, .. "EVIL \"\\\u0001\u007f"u8, 0x0A, 0x0D, .. "</script>"u8];

        var alert = AlertOf(payload).RootElement;

        Assert.Equal(Encoding.UTF8.GetString(payload), alert.GetProperty("payload").GetProperty("text").GetString());
    }

    [Fact]
    public void Payload_OfExactlyTheLimit_IsJudgedWholeAndOneByteMoreIsRejected()
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint, keeps: true);
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint), Rules);
        using var socket = gateway.Connect();
        var largest = new byte[65_536];
        Array.Fill(largest, (byte)'a');
        "EVIL"u8.CopyTo(largest.AsSpan(^4)); // At the very end: found only when all of it is looked at.

        socket.Send(Frames.Encode(Framing.LengthPrefixed, largest));
        Assert.True(alerts.WaitForMessages(1));
        socket.Send([.. Frames.Length(65_537), .. largest, (byte)'!']);

        var now = gateway.UntilSettled(2);
        Assert.Equal(1, now.Rejected);
        Assert.Equal(1, alerts.Messages);
        var alert = JsonDocument.Parse(alerts.Kept[0].Json).RootElement;
        Assert.Equal(65_536, alert.GetProperty("payload").GetProperty("bytes").GetInt32());
        Assert.True(alert.GetProperty("payload").GetProperty("truncated").GetBoolean());
        Assert.Equal(1024, alert.GetProperty("payload").GetProperty("text").GetString()!.Length);
        Assert.Equal(65_532, alert.GetProperty("rules")[0].GetProperty("offset").GetInt32());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(largest)), alert.GetProperty("sha256").GetString());
    }

    [Fact]
    public void Payloads_ThatAreClean_CauseNoMessage()
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint, keeps: true);
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint), Rules);
        using var sensor = gateway.Sender();
        sensor.Send(1000, evilEvery: 1001);
        sensor.Socket.Send(Frames.Encode(Framing.LengthPrefixed, Frames.Text("the EVIL end")));

        var now = gateway.UntilSettled(1001);
        Assert.True(alerts.WaitForMessages(1));
        Assert.Equal((1000, 1, 1), (now.PayloadsClean, now.Alerted, now.AlertsConfirmed));
        Assert.Contains("the EVIL end", Encoding.UTF8.GetString(Assert.Single(alerts.Kept).Json), StringComparison.Ordinal);
    }

    private static JsonDocument AlertOf(
        byte[] payload, SourceOptions? source = null, Framing framing = Framing.LengthPrefixed)
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint, keeps: true);
        var options = TestOptions.For(server.Endpoint);
        options = source is null ? options : options with { Sources = [source] };
        using var gateway = new GatewayHarness(options, Rules);
        using var socket = gateway.Connect();
        socket.Send(source?.Type == SourceType.Udp ? payload : Frames.Encode(framing, payload));

        Assert.True(alerts.WaitForMessages(1), "no alert came");
        GatewaySnapshot now = gateway.UntilSettled(1);
        Assert.Equal(1, now.PayloadsAlerted[Severity.High]);
        Assert.Equal(1, Assert.Single(now.Rules, static rule => rule.Rule == "test.evil").Matches);
        var alert = Assert.Single(alerts.Kept);
        Assert.Equal(source?.Type == SourceType.Unix ? "alerts.high.field" : "alerts.high.127_0_0_1", alert.Subject);
        Assert.StartsWith("{\"kind\":\"alert\",", Encoding.UTF8.GetString(alert.Json), StringComparison.Ordinal);
        Assert.DoesNotContain((byte)'\n', alert.Json);
        return JsonDocument.Parse(alert.Json);
    }

    private static void AssertRule(JsonElement rule, string id, string severity, byte[] payload, string text)
    {
        Assert.Equal(id, rule.GetProperty("id").GetString());
        Assert.Equal($"Finds {id}", rule.GetProperty("title").GetString());
        Assert.Equal(severity, rule.GetProperty("severity").GetString());
        Assert.Equal("test.tag", Assert.Single(rule.GetProperty("tags").EnumerateArray()).GetString());
        Assert.Equal("the tests", rule.GetProperty("author").GetString());
        Assert.Equal(payload.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)), rule.GetProperty("offset").GetInt32());
        Assert.Equal(text.Length, rule.GetProperty("length").GetInt32());
        Assert.Equal(text, rule.GetProperty("text").GetString());
    }
}
