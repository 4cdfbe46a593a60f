using System.Globalization;

namespace SensorGateway.LoadTest.Results;

/// <summary>Do the gateway's counters add up, and do they know of every payload?</summary>
/// <param name="Holds">All identities hold.</param>
/// <param name="Lines">One identity a line, with numbers.</param>
internal sealed record AccountingResult(bool Holds, IReadOnlyList<string> Lines)
{
    private static readonly string[] PayloadTerms =
        ["payloads_clean_total", "payloads_alerted_total", "payloads_rejected_total", "payloads_dropped_total"];

    private static readonly string[] AlertSources =
        ["payloads_alerted_total", "summaries_total", "spool_recovered_total"];

    private static readonly string[] AlertTerms =
    [
        "alerts_confirmed_total", "alerts_sent_unconfirmed_total", "alerts_unconfirmed", "alerts_spooled",
        "alerts_suppressed_total", "alerts_dropped_total",
    ];

    /// <summary>Reads /metrics in Prometheus text.</summary>
    /// <param name="metrics">The text.</param>
    /// <param name="sent">Payloads that were sent.</param>
    public static AccountingResult Check(string metrics, long sent)
    {
        var sums = Sums(metrics);
        var received = Compare(sums, ["payloads_received_total"], PayloadTerms);
        var alerts = Compare(sums, AlertSources, AlertTerms);
        var receivedCount = sums.GetValueOrDefault("payloads_received_total", double.NaN);
        var complete = receivedCount == sent;
        var all = string.Create(CultureInfo.InvariantCulture,
            $"{(complete ? "HOLD  " : "BROKEN")} sent {sent} = payloads_received_total {receivedCount}");
        return new AccountingResult(received.Holds && alerts.Holds && complete, [all, received.Line, alerts.Line]);
    }

    private static (bool Holds, string Line) Compare(Dictionary<string, double> sums, string[] left, string[] right)
    {
        // A term of a feature that is not there yet is absent and counts as 0; the comparison shows whether that is true.
        var holds = left.Sum(name => sums.GetValueOrDefault(name)) == right.Sum(name => sums.GetValueOrDefault(name));
        return (holds, $"{(holds ? "HOLD  " : "BROKEN")} {Side(left)} = {Side(right)}");

        string Side(string[] names) => string.Join(" + ", names.Select(name =>
            sums.TryGetValue(name, out var value) ? string.Create(CultureInfo.InvariantCulture, $"{name} {value}") : $"{name} absent"));
    }

    private static Dictionary<string, double> Sums(string metrics)
    {
        const string prefix = "sensorgateway_";
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in metrics.Split('\n'))
        {
            if (!line.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            // name{labels} value: labels may hold blanks, so the value starts at the last one.
            var name = line[prefix.Length..line.IndexOfAny(['{', ' '])];
            if (double.TryParse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture, out var value))
            {
                sums[name] = sums.GetValueOrDefault(name) + value;
            }
        }

        return sums;
    }
}
