using System.Text;

namespace SensorGateway.Traffic.Templates;

/// <summary>JSON as sensors send it.</summary>
internal static class TelemetryTemplates
{
    public static string Temperature(TemplateDice dice) => Reading(dice, "temperature", dice.Pick("C", "K"));

    public static string Vibration(TemplateDice dice)
    {
        var axes = dice.Pick(3, 3, 6);
        var spectrum = string.Join(',', Enumerable.Range(0, dice.Between(4, 40))
            .Select(_ => $"0.{Live.Many(Live.Digit, 4)}"));
        return Json.OneLine($$"""
            {"ts":"{{TemplateDice.IsoTime()}}","sensor":"vib-{{dice.Between(1, 999):D4}}","type":"vibration",
            "axes":{{axes}},"rms_mm_s":{{Live.FirstDigit}}.{{Live.Many(Live.Digit, 3)}},"seq":{{Live.Number(7)}},
            "status":"{{dice.Pick("ok", "ok", "degraded")}}{{Live.Marker}}","spectrum":[{{spectrum}}]}
            """);
    }

    public static string PowerMeter(TemplateDice dice) =>
        Json.OneLine($$"""
            {"topic":"site/{{dice.Between(1, 20)}}/power/meter-{{dice.Between(1, 400):D4}}","ts":"{{TemplateDice.IsoTime()}}",
            "u":[23{{Live.Digit}}.{{Live.Digit}},23{{Live.Digit}}.{{Live.Digit}},22{{Live.Digit}}.{{Live.Digit}}],
            "i":[{{Live.Number(2)}}.{{Live.Digit}},{{Live.Number(2)}}.{{Live.Digit}},{{Live.Number(2)}}.{{Live.Digit}}],
            "p_w":{{Live.Number(5)}},"cos_phi":0.9{{Live.Digit}},"kwh":{{Live.Number(6)}}.{{Live.Many(Live.Digit, 2)}},
            "note":"{{dice.Remark()}}{{Live.Marker}}","tariff":{{dice.Between(1, 4)}}}
            """);

    public static string Batch(TemplateDice dice)
    {
        var batch = new StringBuilder($$"""{"gateway":"gw{{dice.Between(1, 9)}}{{Live.Marker}}","events":[""");
        var target = dice.Pick(800, 1200, 1700, 2400, 3200);
        for (var separator = string.Empty; batch.Length < target; separator = ",")
        {
            batch.Append(separator).Append(Reading(dice, dice.Pick("humidity", "co2", "flow", "pressure"), "%").Replace(
                Live.Marker.ToString(), string.Empty, StringComparison.Ordinal));
        }

        return batch.Append("]}").ToString();
    }

    public static string Heartbeat(TemplateDice dice) =>
        Json.OneLine($$"""
            {"sensor":"{{dice.Pick("temp", "door", "cam", "flow")}}-{{dice.Between(1, 40):D4}}","type":"heartbeat",
            "alive":true,"fw":"2.{{dice.Between(0, 9)}}.0{{Live.Marker}}"}
            """);

    private static string Reading(TemplateDice dice, string type, string unit) =>
        Json.OneLine($$"""
            {"ts":"{{TemplateDice.IsoTime()}}","sensor":"{{type}}-{{dice.Between(1, 9999):D4}}","type":"{{type}}",
            "value":{{Live.Number(2)}}.{{Live.Many(Live.Digit, 2)}},"unit":"{{unit}}","seq":{{Live.Number(7)}},
            "site":"plant-{{dice.Between(1, 20)}}/zone-{{dice.Between(1, 40)}}","rssi":-{{Live.Number(2)}},
            "battery":{{dice.Decimal(2.6, 3.7, 2)}},"msg":"{{dice.Remark()}}{{Live.Marker}}"}
            """);
}
