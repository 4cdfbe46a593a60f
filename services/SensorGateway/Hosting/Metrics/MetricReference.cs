using System.Collections.Immutable;

namespace SensorGateway.Hosting.Metrics;

/// <summary>Writes the reference of all metrics as Markdown; the file beside the program's sources is made by it.</summary>
internal static class MetricReference
{
    public static void Write(TextWriter output)
    {
        output.WriteLine("# Metrics reference");
        output.WriteLine();
        output.WriteLine(
            "`telemetry.listen` serves these at `/metrics` as Prometheus text; `dotnet-counters monitor --counters "
                + "SensorGateway` and OTLP exporters read the same from the meter `SensorGateway`. Names and meanings do not "
                + "change; new ones are added. All names begin with `sensorgateway_`. Counters count from the start of the "
                + "process. A metric with labels has one line for each combination; those of the spool's disk stand there only "
                + "while there is one.");
        output.WriteLine();
        output.WriteLine("This file is what `sensor-gateway metrics reference` prints.");

        ImmutableArray<Metric>[] rooms = [SourceMetrics.All, SpoolMetrics.All];
        var others = MetricCatalog.All.Where(metric => !rooms.Any(room => room.Contains(metric))).ToArray();
        WriteTable(output, "Payloads in", SourceMetrics.All);
        WriteTable(output, "Detection, alerts, the process", others.Where(static metric => !IsOfNats(metric)));
        WriteTable(output, "Connections to NATS", others.Where(IsOfNats));
        WriteTable(output, "Disk spool", SpoolMetrics.All);
        WriteTimes(output);
    }

    private static bool IsOfNats(Metric metric) =>
        metric.Name.StartsWith(MetricCatalog.Prefix + "nats_", StringComparison.Ordinal);

    private static void WriteTable(TextWriter output, string title, IEnumerable<Metric> metrics)
    {
        output.WriteLine();
        output.WriteLine($"## {title}");
        output.WriteLine();
        output.WriteLine("| metric | type, unit | labels | meaning | what to do |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var metric in metrics)
        {
            WriteRow(output, metric.Name, $"{(metric.IsCounter ? "counter" : "gauge")}, {UnitOf(metric.Name)}", metric.Help);
        }
    }

    private static void WriteTimes(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("## Times");
        output.WriteLine();
        output.WriteLine(
            "Histograms: `_bucket{le=\"…\"}`, `_sum` and `_count`. The meter gives gauges with the label `quantile` (0.5, "
                + "0.95, 0.99) instead.");
        output.WriteLine();
        output.WriteLine("| metric | type, unit | labels | meaning | what to do |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var times in MetricCatalog.Times)
        {
            WriteRow(output, times.Name, $"histogram, {UnitOf(times.Name)}", times.Help);
        }
    }

    private static void WriteRow(TextWriter output, string name, string type, string help)
    {
        var note = MetricGuide.Of(name);
        var labels = string.Join(", ", note.Labels.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static label => $"`{label}`"));
        output.WriteLine($"| `{name[MetricCatalog.Prefix.Length..]}` | {type} | {labels} | {Cell(help)} | {Cell(note.Advice ?? "")} |");
    }

    /// <summary>As Prometheus wants it, the unit stands in the name.</summary>
    private static string UnitOf(string name) =>
        name.Contains("_seconds", StringComparison.Ordinal) ? "seconds"
        : name.Contains("_bytes", StringComparison.Ordinal) ? "bytes"
        : "count";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
