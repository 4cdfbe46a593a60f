using System.Collections.Frozen;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Hosting.Metrics;

/// <summary>What the reference tells of a metric besides its own sentence.</summary>
/// <param name="Labels">Names of its labels in order, separated by blanks; empty when it has none.</param>
/// <param name="Advice">What to look at or to do, and when; null where there is nothing to do.</param>
internal sealed record MetricNote(string Labels = "", string? Advice = null);

/// <summary>Labels and advice for the metrics of <see cref="MetricCatalog"/>; the reference is made of both.</summary>
internal static class MetricGuide
{
    private static readonly MetricNote None = new();

    /// <summary>By name, without the prefix; metrics without labels and advice are left out.</summary>
    private static readonly FrozenDictionary<string, MetricNote> Notes = new Dictionary<string, MetricNote>
    {
        ["build_info"] = new("version"),
        ["start_time_seconds"] = new(Advice: "Changes when the gateway was started again: counters begin at 0."),
        ["ready"] = new(Advice: "0 for longer than a start takes: `/readyz` and `status` say why."),

        ["payloads_received_total"] = new("source", "Stands still although sensors send: look at `connections_open` and the log."),
        ["received_bytes_total"] = new("source"),
        ["payloads_rejected_total"] = new("source reason", $"Rises: the log quotes the sender. Reasons: {Names<RejectReason>()}."),
        ["payloads_dropped_total"] = new(
            "source reason",
            $"Rises: payloads are lost before detection. Reasons: {Names<DropReason>()}. Enlarge `ring`, make rules cheaper "
                + "(`rules cost`), or choose `overload: block`, where the source is not UDP."),
        ["connections_open"] = new("source"),
        ["connections_accepted_total"] = new("source", "Rises quickly: a sender connects anew for each payload; let it keep its connection."),
        ["connections_refused_total"] = new("source", "Rises: raise the source's `max_connections`, or find out who holds so many."),
        ["connections_timed_out_total"] = new("source", "Rises: senders fall silent or stop inside a frame; raise `idle_timeout` or `frame_timeout`."),
        ["blocked_seconds_total"] = new(
            "source", "Rises: senders wait, nothing is lost. Compare `ingest_to_detect_seconds` with `handover_to_sent_seconds`: "
                + "the first grows when detection is the bottleneck, the second when NATS is."),

        ["payloads_alerted_total"] = new("severity"),
        ["alerts_sent_unconfirmed_total"] = new(Advice: "These may be lost in a cut; `delivery: fenced` confirms them."),
        ["alerts_suppressed_total"] = new(Advice: "Summaries tell of them; change the rules' `suppress` when too much is held back."),
        ["suppressed_pairs_evicted_total"] = new(Advice: "Rises: more rules and sensors repeat at once than are watched; summaries come early."),
        ["alerts_dropped_total"] = new(
            "reason", $"Rises: alerts are lost. Reasons: {Names<AlertDropReason>()}; the README says what helps against each."),
        ["alerts_unconfirmed"] = new(Advice: "Grows: NATS confirms too slowly; look at `nats_connection_up` and `nats_unconfirmed_seconds`."),
        ["rule_matches_total"] = new("rule", "One rule rises alone: `explain` one of its payloads; a rule that finds too much wants a narrower pattern."),
        ["verdict_cache_misses_total"] = new(Advice: "Nearly all are misses: payloads do not repeat; `detection.cache.entries: 0` saves the looking."),
        ["regex_timeouts_total"] = new(Advice: "Rises: a regex backtracks too long; `status` and the log name its rule once it is quarantined."),
        ["rules_quarantined"] = new(Advice: "Above 0: rewrite the rule so that `check` calls it safe, then reload."),
        ["quarantine_skips_total"] = new(Advice: "Rises: payloads pass a quarantined rule unseen; see `rules_quarantined`."),
        ["rules_slow"] = new(Advice: "Above 0: `status` and `rules cost` name the rules; give them a guard."),
        ["slow_lane_runs_total"] = new(Advice: "Rises: payloads make the automaton of a rule explode; see `rules_slow`."),
        ["place_timeouts_total"] = new(Advice: "Rises: make the regex of the rule cheaper; its alerts come, but without place."),
        ["ring_records"] = new("ring", "Stays high: detection does not keep up; see `rules cost` and `detection.workers`."),
        ["ring_used_bytes"] = new("ring", "Near `ring_capacity_bytes`: the source's `overload` decides what happens next."),
        ["ring_capacity_bytes"] = new("ring"),
        ["role_inline_turns_total"] = new("role"),
        ["role_wakeups_total"] = new("role"),
        ["role_allocated_bytes_total"] = new("role", "Rises with the traffic: that is a fault of the gateway; please report it."),
        ["reloads_total"] = new("result", "`failure` rises: the log and `status` have every problem with file, line and column."),
        ["last_reload_ok"] = new(Advice: "0: mend the files that `status` names and reload."),

        ["nats_pool_moves_total"] = new(Advice: "Rises all the time: the load sits between two sizes of the pool; it costs little."),
        ["batch_window_seconds"] = new(Advice: "Longer than wanted: lower `publishing.batch.max_window`."),
        ["nats_connection_up"] = new("connection", "0: the log and `status` have the server's words; the next server is dialled."),
        ["nats_connection_state"] = new("connection state", "`refused`: the server does not want this login; `status` has its words, `check` tries it."),
        ["nats_unconfirmed_bytes"] = new("connection", "Near its part of `publishing.unconfirmed`: alerts go to the spool, or the least grave are dropped."),
        ["nats_unconfirmed_seconds"] = new("connection", "Above 3: the server does not answer; the next one is dialled."),
        ["nats_reconnects_total"] = new("connection", "Rises: look at the network and the server's log."),
        ["nats_resent_total"] = new("connection", "Rises with reconnects: some alerts come twice, with the same id."),
        ["nats_duplicates_total"] = new("connection"),
        ["nats_ack_window"] = new("connection"),
        ["nats_acks_outstanding"] = new("connection", "Stays at `nats_ack_window`: the stream stores slowly."),
        ["nats_permission_violations_total"] = new("connection", "Rises: the user may not publish there; `nats_refused_subject_total` names the subjects."),
        ["nats_refused_subject_total"] = new("subject", "Let the user publish there, or change `publishing.subject`."),

        ["alerts_spooled"] = new(Advice: "Above 0: NATS does not take alerts, or the spool is still giving them back."),
        ["spool_failing"] = new(Advice: "1: free space, or mend the disk; alerts stay in memory meanwhile."),
        ["spool_bytes"] = new(Advice: "Near `spool_bytes_max`: the least grave alerts are refused first, counted as `spool_full`."),
        ["spool_oldest_seconds"] = new(Advice: "Grows: NATS has taken nothing for so long."),
        ["spool_slowest_write_seconds"] = new(Advice: "Seconds: the disk is too slow or busy; choose a local one."),
        ["spool_write_errors_total"] = new(Advice: "Rises: see `spool_failing` and the log."),
        ["spool_damaged_bytes_total"] = new(Advice: "Above 0: part of what an earlier start stored is lost; `spool verify` reads every checksum."),
        ["spool_bad_files_total"] = new(Advice: "Above 0: look at the `*.bad` files in the spool's folder, then remove them."),

        ["ingest_to_detect_seconds"] = new(Advice: "Grows: detection is the bottleneck, or threads wait for a CPU."),
        ["detect_seconds"] = new(Advice: "Grows after a reload: `rules cost` has the dearest rules."),
        ["ingest_to_sent_seconds"] = new(Advice: "What an alert waits inside the gateway; the two beside it tell where."),
        ["handover_to_sent_seconds"] = new(Advice: "Grows: NATS or the network is the bottleneck; above 50,000 alerts/s also `batch_window_seconds`."),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names with a note, without the prefix.</summary>
    public static IEnumerable<string> Names() => Notes.Keys;

    /// <summary>The note of a metric by its full name.</summary>
    public static MetricNote Of(string name) => Notes.GetValueOrDefault(name[MetricCatalog.Prefix.Length..], None);

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetNames<T>().Select(name => $"`{SnakeCase.Of(name)}`"));
}
