using System.Globalization;
using System.Text;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Hosting.Metrics;

/// <summary>Writes the Prometheus text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>Content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Upper bounds of the histograms' buckets, in seconds: 10 us to 1 s.</summary>
    private static readonly double[] Buckets =
        [1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 1];

    /// <summary>All metrics of a snapshot.</summary>
    public static string Write(GatewaySnapshot snapshot)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var metric in MetricCatalog.All)
        {
            WriteHead(text, metric.Name, metric.Help, metric.IsCounter ? "counter" : "gauge");
            foreach (var sample in metric.Read(snapshot))
            {
                text.Append(metric.Name);
                WriteLabels(text, sample.Labels);
                text.Append(CultureInfo.InvariantCulture, $" {sample.Value}\n");
            }
        }

        foreach (var metric in MetricCatalog.Times)
        {
            WriteHead(text, metric.Name, metric.Help, "histogram");
            WriteHistogram(text, metric.Name, metric.Read(snapshot));
        }

        return text.ToString();
    }

    /// <summary>A label's value with backslash, quote and line feed escaped, as the format asks.</summary>
    internal static string EscapeLabel(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private static void WriteHead(StringBuilder text, string name, string help, string type) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static void WriteLabels(StringBuilder text, KeyValuePair<string, string>[] labels)
    {
        if (labels.Length > 0)
        {
            text.Append('{').AppendJoin(',', labels.Select(label => $"{label.Key}=\"{EscapeLabel(label.Value)}\"")).Append('}');
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, LatencyHistogram times)
    {
        foreach (var bound in Buckets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"{bound}\"}} {times.CountAtMost((long)(bound * 1e9))}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"+Inf\"}} {times.Count}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_sum {times.SumNanoseconds / 1e9}\n{name}_count {times.Count}\n");
    }
}
