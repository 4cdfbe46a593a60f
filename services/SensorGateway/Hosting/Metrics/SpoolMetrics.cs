using System.Collections.Immutable;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Spooling;
using static SensorGateway.Hosting.Metrics.MetricCatalog;

namespace SensorGateway.Hosting.Metrics;

/// <summary>Metrics of the disk spool; those of the disk itself have no line without one.</summary>
internal static class SpoolMetrics
{
    public static ImmutableArray<Metric> All { get; } =
    [
        Gauge("alerts_spooled", "Alerts stored on disk and not given to NATS yet.", s => s.AlertsSpooled),
        Counter("spooled_total", "Alerts that went into the spool.", s => s.AlertsSpooledEver),
        Counter("spool_recovered_total", "Alerts that an earlier start left in the spool.", s => s.SpoolRecovered),
        Gauge("spool_failing", "1 while the disk of the spool takes nothing, or does not answer.", s => Of(s, x => x.State is "failing" or "hanging" ? 1 : 0)),
        Gauge("spool_bytes", "Bytes of stored alerts.", s => Of(s, x => x.Bytes)),
        Gauge("spool_bytes_max", "Most of these.", s => Of(s, x => x.BytesMax)),
        Gauge("spool_segments", "Files of the spool.", s => Of(s, x => x.Segments)),
        Gauge("spool_oldest_seconds", "Age of the oldest file.", s => Of(s, x => x.OldestAge.TotalSeconds)),
        Gauge(
            "spool_slowest_write_seconds", "The longest time a write with its fsync has taken.",
            s => Of(s, x => x.SlowestWrite.TotalSeconds)),
        Counter("spool_write_errors_total", "Writes and fsyncs that failed.", s => Of(s, x => x.WriteErrors)),
        Counter(
            "spool_damaged_bytes_total", "Bytes that an earlier start left and that were no alerts.",
            s => Of(s, x => x.DamagedBytes)),
        Counter("spool_bad_files_total", "Files put aside as *.bad.", s => Of(s, x => x.BadFiles)),
    ];

    private static IEnumerable<Sample> Of(GatewaySnapshot snapshot, Func<SpoolSnapshot, double> read) =>
        snapshot.Spool is { } spool ? Sample.Of(read(spool)) : [];
}
