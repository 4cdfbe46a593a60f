using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using SensorGateway.Hosting.Metrics;
using SensorGateway.Tests.Golden;

namespace SensorGateway.Tests.Hosting;

public sealed partial class MetricsTests
{
    [Fact]
    public void PrometheusText_OfASnapshot_IsPinned() => GoldenFile.Verify(
        "metrics",
        PrometheusText.Write(Snapshots.Sample()).Replace($"version=\"{ProgramVersion.Text}\"", "version=\"0.0.0\"", StringComparison.Ordinal));

    [Fact]
    public void PrometheusText_FollowsTheFormat()
    {
        var lines = PrometheusText.Write(Snapshots.Sample()).TrimEnd('\n').Split('\n');
        var typed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.True(typed.Add(line.Split(' ')[2]), $"{line} stands twice");
            }
            else if (!line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                Assert.Matches(SampleLine(), line);
                var name = HistogramPart().Replace(line.Split('{', ' ')[0], "");
                Assert.True(typed.Contains(name) || typed.Contains(line.Split('{', ' ')[0]), $"{line} has no TYPE before it");
            }
        }
    }

    [Fact]
    public void Counters_EndInTotal_AndGaugesDoNot() =>
        Assert.All(MetricCatalog.All, metric => Assert.Equal(metric.IsCounter, metric.Name.EndsWith("_total", StringComparison.Ordinal)));

    [Fact]
    public void Meter_PublishesEveryMetric()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == GatewayMeter.Name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => seen.Add(instrument.Name));
        listener.Start();
        using var meter = new GatewayMeter(Snapshots.Sample);
        listener.RecordObservableInstruments();

        Assert.Equal(
            MetricCatalog.All.Select(metric => metric.Name).Concat(MetricCatalog.Times.Select(metric => metric.Name)).Order(StringComparer.Ordinal),
            seen.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("""\A[a-z_]+(\{[a-z]+="([^"\\\n]|\\["\\n])*"(,[a-z]+="([^"\\\n]|\\["\\n])*")*\})? [0-9.E+-]+\z""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();
}
