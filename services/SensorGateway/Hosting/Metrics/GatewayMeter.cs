using System.Diagnostics.Metrics;
using SensorGateway.Pipeline.Lanes;

namespace SensorGateway.Hosting.Metrics;

/// <summary>The Meter <c>SensorGateway</c>: the same metrics for dotnet-counters, dotnet-trace and OTLP.</summary>
/// <remarks>Observable only: whoever listens reads a snapshot, and the payload path does not know.</remarks>
internal sealed class GatewayMeter : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "SensorGateway";

    private static readonly double[] Quantiles = [0.5, 0.95, 0.99];

    private readonly Meter _meter = new(Name);

    /// <param name="snapshot">Gives a recent snapshot; called once for each instrument.</param>
    public GatewayMeter(Func<GatewaySnapshot> snapshot)
    {
        foreach (var metric in MetricCatalog.All)
        {
            IEnumerable<Measurement<double>> Observe() => metric.Read(snapshot()).Select(ToMeasurement);
            _ = metric.IsCounter
                ? (Instrument)_meter.CreateObservableCounter(metric.Name, Observe, description: metric.Help)
                : _meter.CreateObservableGauge(metric.Name, Observe, description: metric.Help);
        }

        foreach (var times in MetricCatalog.Times)
        {
            _meter.CreateObservableGauge(times.Name, () => Percentiles(times, snapshot()), "s", times.Help);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static Measurement<double> ToMeasurement(Sample sample) =>
        new(sample.Value, sample.Labels.Select(label => new KeyValuePair<string, object?>(label.Key, label.Value)));

    /// <summary>Distributions cannot be observed as such, so their percentiles are.</summary>
    private static IEnumerable<Measurement<double>> Percentiles(TimeMetric metric, GatewaySnapshot snapshot)
    {
        var times = metric.Read(snapshot);
        return Quantiles.Select(quantile =>
            new Measurement<double>(times.Percentile(quantile) / 1e9, new KeyValuePair<string, object?>("quantile", quantile)));
    }
}
