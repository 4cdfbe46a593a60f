using System.Collections.Immutable;
using System.Globalization;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Hosting.Metrics;

/// <summary>All metrics: /metrics, the Meter and the reference are made of this list.</summary>
internal static class MetricCatalog
{
    /// <summary>What every name begins with.</summary>
    public const string Prefix = "sensorgateway_";

    /// <summary>
    /// Most rules with a line of their own, those with the most matches; label values must be bounded.
    /// </summary>
    private const int RulesMax = 1000;

    /// <summary>Counters and gauges.</summary>
    public static ImmutableArray<Metric> All { get; } =
    [
        new(
            "sensorgateway_build_info", "Version of the gateway; the value is 1.", false,
            _ => [new([Label("version", ProgramVersion.Text)], 1)]),
        Gauge(
            "start_time_seconds", "When the gateway started, in seconds since 1970.",
            s => s.StartedAt.ToUnixTimeMilliseconds() / 1000.0),
        Gauge("ready", "1 when sources listen and NATS or the spool takes alerts.", s => s.IsListening && (s.CanPublish || s.SpoolTakesAlerts) ? 1 : 0),

        .. SourceMetrics.All,
        .. SpoolMetrics.All,

        Counter("payloads_clean_total", "Payloads that no rule matched.", s => s.PayloadsClean),
        Counter("payloads_alerted_total", "Payloads that became alerts, suppressed ones included.", s => s.PayloadsAlerted
            .OrderBy(pair => pair.Key)
            .Select(pair => new Sample([Label("severity", SnakeCase.Of(pair.Key.ToString()))], pair.Value))),
        Counter(
            "alerts_confirmed_total",
            "Alerts that the server (delivery fenced) or the stream (delivery jetstream) has confirmed.",
            s => s.AlertsConfirmed),
        Counter(
            "alerts_sent_unconfirmed_total", "Alerts sent and let go (delivery core).", s => s.AlertsSentUnconfirmed),
        Counter(
            "alerts_suppressed_total", "Alerts not sent because suppress held all their rules back.",
            s => s.AlertsSuppressed),
        Counter("summaries_total", "Summaries of what suppress held back.", s => s.Summaries),
        Gauge("suppressed_pairs", "Pairs of rule and sensor that suppress watches now.", s => s.SuppressedPairs),
        Counter(
            "suppressed_pairs_evicted_total", "Pairs summarised early to make room for others.",
            s => s.SuppressedPairsEvicted),
        Counter("alerts_dropped_total", "Alerts given up.", s => ByName(s.AlertsDropped, "reason")),
        Gauge("alerts_unconfirmed", "Alerts kept in memory until the server confirms them.", s => s.AlertsUnconfirmed),
        Counter("rule_matches_total", "Payloads that a rule matched; rules without a match have no line.", s => s.Rules
            .OrderByDescending(rule => rule.Matches).Take(RulesMax)
            .Select(rule => new Sample([Label("rule", rule.Rule)], rule.Matches))),
        Gauge("rules", "Rules at work.", s => s.RuleCount),
        Gauge("hashes", "Digests in the hash lists.", s => s.HashCount),
        Counter("verdict_cache_hits_total", "Payloads whose verdict was remembered.", s => s.CacheHits),
        Counter("verdict_cache_misses_total", "Payloads whose verdict was not remembered.", s => s.CacheMisses),
        Counter(
            "regex_timeouts_total", "Regex runs that took longer than detection.match_timeout.", s => s.RegexTimeouts),
        Gauge(
            "rules_quarantined", "Rules of which a regex timed out too often and is not run any more.",
            s => s.QuarantinedRules.Length),
        Counter(
            "quarantine_skips_total", "Times a quarantined regex was not run; it counted as no match.",
            s => s.QuarantineSkips),
        Gauge(
            "rules_slow", "Rules of which an automaton was run without keeping states since they were loaded.",
            s => s.SlowRules.Length),
        Counter(
            "slow_lane_runs_total", "Automata run without keeping states, because they dropped them too often.",
            s => s.SlowLaneRuns),
        Counter(
            "place_timeouts_total", "Alerts without offset and text, because looking for them took too long.",
            s => s.PlaceTimeouts),
        Gauge(
            "ring_records", "Payloads that wait for detection.",
            s => s.Rings.Select(ring => new Sample([Label("ring", ring.Name)], ring.Records))),
        Gauge(
            "ring_used_bytes", "Bytes in use in the ring.",
            s => s.Rings.Select(ring => new Sample([Label("ring", ring.Name)], ring.UsedBytes))),
        Gauge(
            "ring_capacity_bytes", "Size of the ring.",
            s => s.Rings.Select(ring => new Sample([Label("ring", ring.Name)], ring.CapacityBytes))),
        Counter("batches_total", "Batches of alerts sent.", s => s.Batches),
        Counter(
            "batched_alerts_total", "Alerts in those batches; divided by the batches, the mean batch size.",
            s => s.BatchedAlerts),
        Counter(
            "role_inline_turns_total", "Turns that another thread ran while the role's own was parked.",
            s => s.Roles.Select(role => new Sample([Label("role", role.Role)], role.InlineTurns))),
        Counter(
            "role_wakeups_total", "How often the role's thread was woken.",
            s => s.Roles.Select(role => new Sample([Label("role", role.Role)], role.Wakeups))),

        Counter(
            "role_allocated_bytes_total", "Bytes allocated on the payload's way; stands still but for rare growth.",
            s => s.Roles.Select(role => new Sample([Label("role", role.Role)], role.AllocatedBytes))),
        Counter(
            "reloads_total", "Reloads by result; a failure leaves the rules before at work.",
            s =>
            [
                new Sample([Label("result", "success")], s.Reloads.Succeeded),
                new Sample([Label("result", "failure")], s.Reloads.Failed),
            ]),
        Gauge(
            "last_reload_ok", "0 when the last reload was refused: the files are not what is at work.",
            s => s.Reloads.LastAt is null || s.Reloads.LastSucceeded ? 1 : 0),

        Gauge("nats_connections_active", "Connections that carry alerts; /status says why so many.", s => s.Pool.Active),
        Counter("nats_pool_moves_total", "How often sensors went to other connections.", s => s.Pool.Moves),
        Gauge(
            "batch_window_seconds", "Longest time an alert waits for company now; 0 when it is quiet.",
            s => s.Pool.WindowMicroseconds / 1e6),
        Gauge(
            "nats_connection_up", "1 while the connection works.",
            s => PerConnection(s, c => c.State == "connected" ? 1 : 0)),
        Gauge(
            "nats_connection_state", "1 for the state it is in: connecting, connected, refused or closed; /status has its last error.",
            s => s.Connections.Select(c => new Sample([Label("connection", c.Index.ToString(CultureInfo.InvariantCulture)), Label("state", c.State)], 1))),
        Gauge(
            "nats_unconfirmed_bytes", "Bytes kept until the server confirms them.",
            s => PerConnection(s, c => c.UnconfirmedBytes)),
        Gauge(
            "nats_unconfirmed_seconds", "Time since the last confirmation, while alerts wait for one.",
            s => PerConnection(s, c => c.UnconfirmedFor.TotalSeconds)),
        Counter("nats_reconnects_total", "Connections made after the first.", s => PerConnection(s, c => c.Reconnects)),
        Counter("nats_resent_total", "Alerts sent again after a cut.", s => PerConnection(s, c => c.Resent)),
        Counter(
            "nats_duplicates_total", "Alerts that the stream had already when they were sent again.",
            s => PerConnection(s, c => c.Duplicates)),
        Gauge(
            "nats_ack_window", "Alerts that may wait for the stream's answer (delivery jetstream).",
            s => PerConnection(s, c => c.AckWindow)),
        Gauge(
            "nats_acks_outstanding", "Alerts that wait for the stream's answer (delivery jetstream).",
            s => PerConnection(s, c => c.AcksOutstanding)),
        Counter(
            "nats_permission_violations_total", "Publishes that the server refused.",
            s => PerConnection(s, c => c.PermissionViolations)),
        Counter(
            "nats_refused_subject_total", "The same by subject, all connections together; the first few subjects, then their sum.",
            s => s.Connections.SelectMany(connection => connection.RefusedSubjects)
                .GroupBy(refused => refused.Subject, StringComparer.Ordinal)
                .Select(group => new Sample([Label("subject", group.Key)], group.Sum(refused => refused.Count)))),
    ];

    /// <summary>Distributions.</summary>
    public static ImmutableArray<TimeMetric> Times { get; } =
    [
        new(
            "sensorgateway_ingest_to_detect_seconds",
            "From a payload's last byte to the start of detection; sampled in bulk.", s => s.IngestToDetect),
        new("sensorgateway_detect_seconds", "Detection of one payload; sampled in bulk.", s => s.Detect),
        new(
            "sensorgateway_ingest_to_sent_seconds", "From a payload's last byte until its alert was sent.",
            s => s.IngestToSent),
        new(
            "sensorgateway_handover_to_sent_seconds", "From hand-over to publishing until the alert was sent.",
            s => s.HandoverToSent),
    ];

    internal static KeyValuePair<string, string> Label(string name, string value) => new(name, value);

    internal static Metric Counter(string name, string help, Func<GatewaySnapshot, IEnumerable<Sample>> read) =>
        new(Prefix + name, help, true, read);

    internal static Metric Gauge(string name, string help, Func<GatewaySnapshot, IEnumerable<Sample>> read) =>
        new(Prefix + name, help, false, read);

    /// <summary>One sample for each member of an enum, named as labels are: <c>too_large</c>.</summary>
    internal static IEnumerable<Sample> ByName<T>(
        IReadOnlyDictionary<T, long> counts, string label, params KeyValuePair<string, string>[] labels)
        where T : struct, Enum =>
        counts.OrderBy(pair => pair.Key).Select(
            pair => new Sample([.. labels, Label(label, SnakeCase.Of(pair.Key.ToString()))], pair.Value));

    internal static Metric Counter(string name, string help, Func<GatewaySnapshot, double> read) =>
        Counter(name, help, s => Sample.Of(read(s)));

    internal static Metric Gauge(string name, string help, Func<GatewaySnapshot, double> read) =>
        Gauge(name, help, s => Sample.Of(read(s)));

    private static IEnumerable<Sample> PerConnection(GatewaySnapshot snapshot, Func<ConnectionSnapshot, double> read) =>
        snapshot.Connections.Select(connection =>
            new Sample(
                [Label("connection", connection.Index.ToString(CultureInfo.InvariantCulture))], read(connection)));
}
