using System.Globalization;

namespace SensorGateway.Traffic.Templates;

/// <summary>Choices made once per template, from the generator's seed.</summary>
internal sealed class TemplateDice(int seed)
{
    private static readonly string[] Users = ["alice", "bob", "carol", "dave", "erin", "svc-backup", "svc-scan",
        "operator"];

    private static readonly string[] Remarks =
    [
        "within limits", "calibration window opened by schedule", "restarted after power loss",
            "link quality back to normal",
        "door held open longer than allowed", "filter pressure rising slowly", "technician confirmed value by hand",
        "valve position reached target", "battery replaced", "firmware check finished, no update needed",
    ];

    private static readonly string[] Agents =
    [
        "sensor-agent/2.14.1", "curl/8.4.0", "okhttp/4.9.3", "plant-portal/5.0 (linux; x64)",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    ];

    private readonly Random _random = new(seed);

    /// <summary>From <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => _random.Next(low, high + 1);

    /// <summary>One of several.</summary>
    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    /// <summary>A number with fixed decimals, written without culture.</summary>
    public string Decimal(double low, double high, int decimals)
    {
        var value = low + (_random.NextDouble() * (high - low));
        return value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>An account of the plant.</summary>
    public string User() => Pick<string>(Users);

    /// <summary>A remark of a device.</summary>
    public string Remark() => Pick<string>(Remarks);

    /// <summary>A harmless user agent.</summary>
    public string Agent() => Pick<string>(Agents);

    /// <summary>An address inside the plant.</summary>
    public string InnerAddress() => $"10.{Between(0, 40)}.{Between(1, 254)}.{Between(1, 254)}";

    /// <summary>An address outside, from the ranges kept for documentation.</summary>
    public string OuterAddress() => $"{Pick("203.0.113", "198.51.100", "192.0.2")}.{Between(1, 254)}";

    /// <summary>A host of the plant.</summary>
    public string Host() => $"{Pick("gw", "node", "plc", "cam", "hist")}{Between(1, 60):D2}";

    /// <summary>ISO 8601 with live time of day.</summary>
    public static string IsoTime() =>
        $"2026-11-20T1{Live.Digit}:{Live.TensDigit}{Live.Digit}:{Live.TensDigit}{Live.Digit}.{Live.Many(Live.Digit, 3)}Z";

    /// <summary>RFC 3164 header with live time of day.</summary>
    public string SyslogHeader(int priority) =>
        $"<{priority}>Nov 20 1{Live.Digit}:{Live.TensDigit}{Live.Digit}:{Live.TensDigit}{Live.Digit} {Host()} ";
}
