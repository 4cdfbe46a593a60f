using System.Collections.Immutable;
using SensorGateway.Pipeline.Lanes;
using static SensorGateway.Hosting.Metrics.MetricCatalog;

namespace SensorGateway.Hosting.Metrics;

/// <summary>Metrics of sources.</summary>
internal static class SourceMetrics
{
    public static ImmutableArray<Metric> All { get; } =
    [
        Counter("payloads_received_total", "Payloads received: clean, alerted, rejected and dropped together.", s => PerSource(s, source => source.Received)),
        Counter("received_bytes_total", "Bytes of the payloads taken in.", s => PerSource(s, source => source.ReceivedBytes)),
        Counter("payloads_rejected_total", "Received bytes that were not taken as a payload.", s => s.Sources
            .SelectMany(source => ByName(source.Rejected, "reason", Label("source", source.Id)))),
        Counter("payloads_dropped_total", "Whole payloads that never reached detection.", s => s.Sources
            .SelectMany(source => ByName(source.Dropped, "reason", Label("source", source.Id)))),
        Gauge("connections_open", "Connections open now.", s => PerSource(s, source => source.ConnectionsOpen)),
        Counter("connections_accepted_total", "Connections ever accepted.", s => PerSource(s, source => source.ConnectionsAccepted)),
        Counter("connections_refused_total", "Connections closed at once because max_connections were open.", s => PerSource(s, source => source.ConnectionsRefused)),
        Counter("connections_timed_out_total", "Connections closed by idle_timeout or frame_timeout.", s => PerSource(s, source => source.ConnectionsTimedOut)),
        Counter("blocked_seconds_total", "Time a source waited for room in the ring.", s => PerSource(s, source => source.Blocked.TotalSeconds)),
    ];

    private static IEnumerable<Sample> PerSource(GatewaySnapshot snapshot, Func<SourceSnapshot, double> read) =>
        snapshot.Sources.Select(source => new Sample([Label("source", source.Id)], read(source)));
}
