using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Hosting.Metrics;

/// <summary>One value with its labels, as <c>source="a",reason="too_large"</c> would say.</summary>
internal readonly record struct Sample(KeyValuePair<string, string>[] Labels, double Value)
{
    /// <summary>A value without labels.</summary>
    public static IEnumerable<Sample> Of(double value) => [new([], value)];
}

/// <summary>One metric: how it is called, what it means, and where its values are in a snapshot.</summary>
/// <param name="Name">Full name; never changes meaning.</param>
/// <param name="Help">One sentence.</param>
/// <param name="IsCounter">Grows for ever; otherwise it is a gauge.</param>
/// <param name="Read">Its samples.</param>
internal sealed record Metric(string Name, string Help, bool IsCounter, Func<GatewaySnapshot, IEnumerable<Sample>> Read);

/// <summary>One distribution of times, in seconds.</summary>
internal sealed record TimeMetric(string Name, string Help, Func<GatewaySnapshot, LatencyHistogram> Read);
