using System.Collections.Immutable;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>All counters of a gateway at one moment. Counters grow for ever; gauges say so.</summary>
public sealed record GatewaySnapshot
{
    /// <summary>When the gateway started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>True once sources listen.</summary>
    public required bool IsListening { get; init; }

    /// <summary>True when some connection to NATS works.</summary>
    public required bool CanPublish { get; init; }

    /// <summary>One per source.</summary>
    public required ImmutableArray<SourceSnapshot> Sources { get; init; }

    /// <summary>Payloads that still waited for detection when the time to drain was over; 0 before the stop.</summary>
    public long PayloadsLeftAtStop { get; init; }

    /// <summary>Payloads that no rule matched.</summary>
    public required long PayloadsClean { get; init; }

    /// <summary>Payloads that became alerts, or would have without suppression, by severity.</summary>
    public required ImmutableDictionary<Severity, long> PayloadsAlerted { get; init; }

    /// <summary>Alerts not sent because <c>suppress</c> held all their rules back; among <see cref="PayloadsAlerted"/>.</summary>
    public required long AlertsSuppressed { get; init; }

    /// <summary>Summaries of what was held back.</summary>
    public required long Summaries { get; init; }

    /// <summary>Pairs of rule and sensor whose suppression window is open (gauge).</summary>
    public required long SuppressedPairs { get; init; }

    /// <summary>Suppression windows that closed early to make room for another pair.</summary>
    public required long SuppressedPairsEvicted { get; init; }

    /// <summary>Verdicts found in the cache.</summary>
    public required long CacheHits { get; init; }

    /// <summary>Verdicts that had to be worked out although the cache was asked.</summary>
    public required long CacheMisses { get; init; }

    /// <summary>.NET regex runs that ran out of time.</summary>
    public required long RegexTimeouts { get; init; }

    /// <summary>Rules of which a regex timed out so often that it is not run any more, by id.</summary>
    public ImmutableArray<string> QuarantinedRules { get; init; } = [];

    /// <summary>Times such a regex was not run.</summary>
    public long QuarantineSkips { get; init; }

    /// <summary>Rules of which an automaton was run without keeping states since they were loaded, by id.</summary>
    public ImmutableArray<string> SlowRules { get; init; } = [];

    /// <summary>Times an automaton was run that way, because it had to drop its states too often.</summary>
    public long SlowLaneRuns { get; init; }

    /// <summary>Alerts without the place of a match, because a regex did not find it in time.</summary>
    public long PlaceTimeouts { get; init; }

    /// <summary>Matches per rule, for rules with at least one.</summary>
    public required ImmutableArray<RuleMatches> Rules { get; init; }

    /// <summary>The dearest rules, dearest first; empty until prices have been measured.</summary>
    public ImmutableArray<RuleCost> DearestRules { get; init; } = [];

    /// <summary>Rules loaded.</summary>
    public required int RuleCount { get; init; }

    /// <summary>Digests in the hash lists.</summary>
    public required long HashCount { get; init; }

    /// <summary>Rings in front of the workers.</summary>
    public required ImmutableArray<RingSnapshot> Rings { get; init; }

    /// <summary>Roles and how often others ran them.</summary>
    public required ImmutableArray<RoleSnapshot> Roles { get; init; }

    /// <summary>The NATS pool.</summary>
    public required ImmutableArray<ConnectionSnapshot> Connections { get; init; }

    /// <summary>Which connections of the pool carry alerts.</summary>
    public required PoolSnapshot Pool { get; init; }

    /// <summary>Alerts between detection and the connections (gauge).</summary>
    public required long AlertsWaiting { get; init; }

    /// <summary>Alerts stored on disk and not given to a connection yet (gauge).</summary>
    public long AlertsSpooled { get; init; }

    /// <summary>Alerts that went into the spool.</summary>
    public long AlertsSpooledEver { get; init; }

    /// <summary>Alerts that an earlier start left in the spool.</summary>
    public long SpoolRecovered { get; init; }

    /// <summary>The spool; null without one.</summary>
    public SpoolSnapshot? Spool { get; init; }

    /// <summary>Alerts dropped, by reason.</summary>
    public required ImmutableDictionary<AlertDropReason, long> AlertsDropped { get; init; }

    /// <summary>Batches sent.</summary>
    public required long Batches { get; init; }

    /// <summary>Alerts in them.</summary>
    public required long BatchedAlerts { get; init; }

    /// <summary>From the payload's last byte to the start of detection; sampled when payloads come in bulk.</summary>
    public required LatencyHistogram IngestToDetect { get; init; }

    /// <summary>Detection alone; sampled when payloads come in bulk.</summary>
    public required LatencyHistogram Detect { get; init; }

    /// <summary>From the payload's last byte until send() returned.</summary>
    public required LatencyHistogram IngestToSent { get; init; }

    /// <summary>From hand-over to publishing until send() returned.</summary>
    public required LatencyHistogram HandoverToSent { get; init; }

    /// <summary>What became of requests to reload.</summary>
    public ReloadSnapshot Reloads { get; init; } = new();

    /// <summary>Payloads received by all sources.</summary>
    public long Received => Sources.Sum(static source => source.Received);

    /// <summary>Payloads that became alerts, or would have without suppression.</summary>
    public long Alerted => PayloadsAlerted.Values.Sum();

    /// <summary>Payloads rejected by all sources.</summary>
    public long Rejected => Sources.Sum(static source => source.Rejected.Values.Sum());

    /// <summary>Payloads dropped by all sources.</summary>
    public long Dropped => Sources.Sum(static source => source.Dropped.Values.Sum()) + PayloadsLeftAtStop;

    /// <summary>True when alerts can be stored although no connection to NATS works.</summary>
    public bool SpoolTakesAlerts => Spool is { State: not ("failing" or "hanging") } && Spool.Bytes < Spool.BytesMax / 10 * 7;

    /// <summary>Alerts that a PONG has confirmed.</summary>
    public long AlertsConfirmed => Connections.Sum(static connection => connection.Confirmed);

    /// <summary>Alerts sent and let go (mode core).</summary>
    public long AlertsSentUnconfirmed => Connections.Sum(static connection => connection.SentUnconfirmed);

    /// <summary>Alerts kept until confirmed, those still on the way to a connection included (gauge).</summary>
    public long AlertsUnconfirmed => AlertsWaiting + Connections.Sum(static connection => connection.Unconfirmed);

    /// <summary>Alerts dropped for any reason.</summary>
    public long AlertsDroppedTotal => AlertsDropped.Values.Sum();

    /// <summary>The first identity of the accounting; holds whenever nothing is on its way.</summary>
    public bool PayloadsAddUp => Received == PayloadsClean + Alerted + Rejected + Dropped;

    /// <summary>The second identity of the accounting; holds whenever nothing is on its way.</summary>
    public bool AlertsAddUp => Alerted + Summaries + SpoolRecovered
        == AlertsConfirmed + AlertsSentUnconfirmed + AlertsUnconfirmed + AlertsSpooled + AlertsSuppressed
            + AlertsDroppedTotal;
}

/// <summary>A source at one moment.</summary>
public sealed record SourceSnapshot(
    string Id,
    string Endpoint,
    long Received,
    long ReceivedBytes,
    ImmutableDictionary<RejectReason, long> Rejected,
    ImmutableDictionary<DropReason, long> Dropped,
    long ConnectionsAccepted,
    long ConnectionsRefused,
    long ConnectionsTimedOut,
    int ConnectionsOpen,
    TimeSpan Blocked);

/// <summary>Matches of one rule.</summary>
public sealed record RuleMatches(string Rule, long Matches);

/// <summary>What one rule costs.</summary>
/// <param name="Rule">Its id.</param>
/// <param name="NsPerPayload">Its share of the time of one payload, as measured on typical traffic after the load.</param>
/// <param name="Stage">The last stage that it may need.</param>
/// <param name="Literals">Escaped literals that make it run; empty when every payload does.</param>
/// <param name="Runs">How often its automata have been run since the load, the verdict cache's answers left out.</param>
/// <param name="Matches">How often it has matched since the load.</param>
/// <param name="Exploded">What its automaton did that it should not; null when it fits its memory.</param>
public sealed record RuleCost(
    string Rule, double NsPerPayload, string Stage, ImmutableArray<string> Literals, long Runs, long Matches,
    string? Exploded);

/// <summary>Reloads since the start, and the last of them.</summary>
public sealed record ReloadSnapshot
{
    /// <summary>Reloads that put new rules to work.</summary>
    public long Succeeded { get; init; }

    /// <summary>Reloads that were refused; the rules before went on working.</summary>
    public long Failed { get; init; }

    /// <summary>When the last one ended; null before the first.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>Whether the last one succeeded.</summary>
    public bool LastSucceeded { get; init; }

    /// <summary>How long the last one took.</summary>
    public TimeSpan LastTook { get; init; }

    /// <summary>Why the last one was refused; empty when it was not.</summary>
    public ImmutableArray<string> LastProblems { get; init; } = [];

    /// <summary>Keys whose new values wait for a restart.</summary>
    public ImmutableArray<string> RestartNeeded { get; init; } = [];
}

/// <summary>A ring at one moment.</summary>
public sealed record RingSnapshot(string Name, long Records, long UsedBytes, int CapacityBytes);

/// <summary>A role at one moment.</summary>
public sealed record RoleSnapshot(string Role, int? Cpu, long InlineTurns, long Wakeups, long AllocatedBytes = 0);
