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

    [Fact]
    public void Guide_TellsTheLabelsThatSamplesHave() => Assert.All(MetricCatalog.All, metric =>
    {
        var samples = metric.Read(Snapshots.Sample()).ToList();

        Assert.True(samples.Count > 0, $"{metric.Name} has no value in the sample snapshot; give it one");
        Assert.All(samples, sample => Assert.True(
            string.Join(' ', sample.Labels.Select(label => label.Key)) == MetricGuide.Of(metric.Name).Labels,
            $"{metric.Name} has other labels than MetricGuide says"));
    });

    [Fact]
    public void Guide_NamesOnlyMetricsThatExist() => Assert.Empty(MetricGuide.Names().Except(
        MetricCatalog.All.Select(metric => metric.Name).Concat(MetricCatalog.Times.Select(times => times.Name))
            .Select(name => name[MetricCatalog.Prefix.Length..])));

    [Fact]
    public void Advice_NamesMetricsThatExist()
    {
        var known = MetricCatalog.All.Select(metric => metric.Name).Concat(MetricCatalog.Times.Select(times => times.Name)).ToHashSet();
        var named = MetricGuide.Names().Select(name => MetricGuide.Of(MetricCatalog.Prefix + name).Advice ?? "")
            .SelectMany(advice => MetricName().Matches(advice).Select(match => MetricCatalog.Prefix + match.Groups[1].Value))
            .ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, known));
    }

    // What looks like a metric in advice; keys and reasons stand between the same quotes.
    [GeneratedRegex("`(nats_[a-z_]+|[a-z_]+_(?:seconds|total|bytes)|rules_quarantined|connections_open|spool_failing|spool_bytes_max)`")]
    private static partial Regex MetricName();

    [GeneratedRegex("""\A[a-z_]+(\{[a-z]+="([^"\\\n]|\\["\\n])*"(,[a-z]+="([^"\\\n]|\\["\\n])*")*\})? [0-9.E+-]+\z""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();
}
