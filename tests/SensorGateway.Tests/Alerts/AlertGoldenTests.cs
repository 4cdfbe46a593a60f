using System.Text;
using System.Text.Json;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Golden;

namespace SensorGateway.Tests.Alerts;

public sealed class AlertGoldenTests
{
    private static readonly string[] Fields =
    [
        "kind", "id", "time", "gateway", "source", "sensor", "severity", "rules", "rules_total", "sha256", "payload",
    ];

    [Fact]
    public void Json_OfATextPayload_IsAsAgreed()
    {
        using var bench = new AlertBench();
        var payload = "GET /?q=<script>alert(1)</script> HTTP/1.1"u8;

        AssertGolden("alert-text", bench.Encode(payload, (AlertBench.Xss, null, 8, 8)));
        Assert.Equal("alerts.high.10_0_0_7", bench.Subject);
    }

    [Fact]
    public void Json_OfABinaryPayload_CarriesBase64AndNoMatchedText()
    {
        using var bench = new AlertBench();
        ReadOnlySpan<byte> payload = [0x00, 0x01, 0x00, 0x00, 0x00, 0x06, 0x11, 0xFF, 0x90, 0x00, 0x6B];

        AssertGolden("alert-binary", bench.Encode(payload, (AlertBench.Plain, null, 7, 2)));
    }

    [Fact]
    public void Json_OfALongPayload_IsCutBetweenCharacters()
    {
        using var bench = new AlertBench(new AlertOptions { Gateway = "edge-1", PayloadBytesMax = 16 });

        // The 16th byte lies inside the euro sign.
        AssertGolden("alert-truncated", bench.Encode("Betrag: 1.234,5€ und mehr"u8, (AlertBench.Plain, null, 0, 6)));
    }

    [Fact]
    public void Json_OfManyRules_ListsTheGravestAndCountsAll()
    {
        using var bench = new AlertBench(new AlertOptions { Gateway = "edge-1", RulesMax = 2, Subject = "a.{severity}.{rule}" });
        var critical = new AlertRule("z.last", "Grave", Severity.Critical, ["one", "two"], null);

        var json = bench.Encode(
            "abc"u8, (critical, null, 0, 1), (AlertBench.Xss, null, 1, 1), (AlertBench.Plain, null, 2, 1));

        AssertGolden("alert-many-rules", json);
        Assert.Equal("a.critical.z_last", bench.Subject);
    }

    [Fact]
    public void Json_OfAHashHit_TakesTheLabelAsTitleAndHasNoPlace()
    {
        using var bench = new AlertBench();
        var list = new AlertRule("ioc.known-bad", "Payload in hash list known-bad", Severity.High, [], null);

        AssertGolden("alert-hash", bench.Encode("MZ dropper"u8, (list, "Dropper \"A\"", -1, 0)));
    }

    [Fact]
    public void Json_OfControlCharacters_HasThemEscaped()
    {
        using var bench = new AlertBench { Sensor = new Pipeline.Sensors.Sensor(0, "s\u001b[2J\"\\", "src\n") };
        var payload = "\u001b[31mred\u001b[0m\0\r\n\t\u007f \u009b5m \u2028 \"quoted\" \\ é 😀"u8;

        var json = bench.Encode(payload, (AlertBench.Plain, "Title\u001b]0;owned\u0007", 0, 8));

        AssertGolden("alert-escapes", json);
        Assert.DoesNotContain(json, char.IsControl);
        var shown = JsonDocument.Parse(json).RootElement.GetProperty("payload").GetProperty("text").GetString();
        Assert.Equal(Encoding.UTF8.GetString(payload), shown);
    }

    [Fact]
    public void Json_OfASummary_IsAsAgreed()
    {
        using var bench = new AlertBench(new AlertOptions { Gateway = "edge-1", Subject = "a.{severity}.{sensor}.{rule}" });
        bench.Encode("first"u8, (AlertBench.Xss, null, 0, 5));
        var first = bench.Time.GetTimestamp();
        bench.Time.Advance(TimeSpan.FromSeconds(29.5));
        var last = bench.Time.GetTimestamp();
        bench.Time.Advance(TimeSpan.FromSeconds(1));

        bench.Encoder.Summaries.Write(bench.Sensor, AlertBench.Xss, 17, first, last);

        GoldenFile.Verify("summary", Encoding.UTF8.GetString(bench.Encoder.Summaries.Json) + "\n", ".json");
        Assert.Equal("a.high.10_0_0_7.web_xss_script-tag", Encoding.UTF8.GetString(bench.Encoder.Summaries.Subject));
    }

    [Fact]
    public void Json_OfASummaryWithControlCharacters_HasThemEscaped()
    {
        using var bench = new AlertBench { Sensor = new Pipeline.Sensors.Sensor(0, "s\u001b[2J\"\\", "src\n") };

        bench.Encoder.Summaries.Write(bench.Sensor, AlertBench.Plain, long.MaxValue, 0, 0);

        var json = Encoding.UTF8.GetString(bench.Encoder.Summaries.Json);
        Assert.DoesNotContain(json, char.IsControl);
        using var parsed = JsonDocument.Parse(json);
        Assert.Equal(bench.Sensor.Id, parsed.RootElement.GetProperty("sensor").GetString());
        Assert.Equal(long.MaxValue, parsed.RootElement.GetProperty("count").GetInt64());
    }

    [Fact]
    public void Json_OfTheNextAlert_HasTheNextSequenceAndItsOwnTime()
    {
        using var bench = new AlertBench();
        bench.Encode("first"u8, (AlertBench.Xss, null, 0, 5));
        bench.Time.Advance(TimeSpan.FromMilliseconds(1.5));

        using var json = JsonDocument.Parse(bench.Encode("second"u8, (AlertBench.Plain, null, 0, 6)));

        Assert.Equal("edge-1-0192f3c1a7-2", json.RootElement.GetProperty("id").GetString());
        Assert.Equal("2026-11-20T18:00:00.124956Z", json.RootElement.GetProperty("time").GetString());
        Assert.False(json.RootElement.GetProperty("rules")[0].TryGetProperty("author", out _));
    }

    [Fact]
    public void Json_OfAMatchInTransformedBytes_NamesTheTransformAndShowsThem()
    {
        using var bench = new AlertBench();
        var payload = "q=%3Cscript%3E"u8;
        bench.Encoder.Begin(bench.Sensor, bench.Time.GetTimestamp(), payload, new byte[32], 1);
        bench.Encoder.AddRule(AlertBench.Xss, null, 2, 8, "q=<script>"u8, "url-decode,lowercase");
        bench.Encoder.Finish();

        AssertGolden("alert-transform", bench.Json);
    }

    private static void AssertGolden(string file, string json)
    {
        GoldenFile.Verify(file, json + "\n", ".json");
        using var parsed = JsonDocument.Parse(json);
        Assert.Equal(Fields, parsed.RootElement.EnumerateObject().Select(field => field.Name));
    }
}
