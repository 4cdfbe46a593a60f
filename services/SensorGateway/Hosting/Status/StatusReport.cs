using System.Text.Json.Serialization;

namespace SensorGateway.Hosting.Status;

/// <summary>What /status answers and <c>status</c> prints. Fields are added, never renamed.</summary>
internal sealed record StatusReport(
    string Version,
    string Gateway,
    bool Ready,
    string? NotReadyBecause,
    DateTimeOffset StartedAt,
    double UptimeS,
    int Rules,
    long Hashes,
    StatusPayloads Payloads,
    StatusAlerts Alerts,
    StatusAccounting Accounting,
    StatusTimes TimesUs,
    StatusCache Cache,
    IReadOnlyList<StatusSource> Sources,
    IReadOnlyList<StatusRing> Rings,
    IReadOnlyList<StatusRole> Roles,
    StatusPool Pool,
    IReadOnlyList<StatusConnection> Connections,
    IReadOnlyList<StatusRule> TopRules,
    StatusReloads Reloads)
{
    /// <summary>The rules that cost most; empty until prices have been measured.</summary>
    public IReadOnlyList<StatusCost> DearestRules { get; init; } = [];

    /// <summary>Rules of which a regex timed out so often that it is not run any more.</summary>
    public IReadOnlyList<string> QuarantinedRules { get; init; } = [];

    /// <summary>Rules of which an automaton had to be run without keeping states since they were loaded.</summary>
    public IReadOnlyList<string> SlowRules { get; init; } = [];

    /// <summary>Null without one.</summary>
    public StatusSpool? Spool { get; init; }
}

/// <summary>What became of payloads.</summary>
internal sealed record StatusPayloads(
    long Received, long Clean, long Alerted, long Rejected, long Dropped, IReadOnlyDictionary<string,
    long> AlertedBySeverity);

/// <summary>What became of alerts.</summary>
internal sealed record StatusAlerts(
    long Confirmed, long SentUnconfirmed, long Unconfirmed, long Dropped, IReadOnlyDictionary<string,
    long> DroppedByReason, long Suppressed = 0, long Summaries = 0, long SuppressedPairs = 0, long Spooled = 0,
    long SpoolRecovered = 0);

/// <summary>Whether the terms add up; may be false for a moment while payloads are on their way.</summary>
internal sealed record StatusAccounting(bool PayloadsAddUp, bool AlertsAddUp);

/// <summary>Distributions of times in microseconds.</summary>
internal sealed record StatusTimes(
    StatusTime IngestToDetect, StatusTime Detect, StatusTime IngestToSent, StatusTime HandoverToSent);

/// <summary>One distribution in microseconds.</summary>
internal sealed record StatusTime(long Count, double P50, double P95, double P99, double Max);

/// <summary>The verdict cache.</summary>
internal sealed record StatusCache(long Hits, long Misses);

/// <summary>A source.</summary>
internal sealed record StatusSource(
    string Id,
    string Endpoint,
    long Received,
    long ReceivedBytes,
    int ConnectionsOpen,
    long ConnectionsAccepted,
    long ConnectionsRefused,
    long ConnectionsTimedOut,
    double BlockedS,
    IReadOnlyDictionary<string, long> Rejected,
    IReadOnlyDictionary<string, long> Dropped);

/// <summary>A ring.</summary>
internal sealed record StatusRing(string Name, long Records, long UsedBytes, long CapacityBytes);

/// <summary>A role.</summary>
internal sealed record StatusRole(string Role, int? Cpu, long InlineTurns, long Wakeups, long AllocatedBytes);

/// <summary>A connection to NATS.</summary>
internal sealed record StatusConnection(
    int Index, string State, string? Server, string? LastError, long Confirmed, long Unconfirmed, long UnconfirmedBytes,
    long Resent, long Reconnects)
{
    /// <summary>Seconds since the last confirmation, while alerts wait for one; else 0.</summary>
    public double UnconfirmedForS { get; init; }

    /// <summary>Largest message the server takes.</summary>
    public long MaxPayloadBytes { get; init; }

    /// <summary>Alerts that may wait for the stream's answer, and that do (delivery jetstream).</summary>
    public int AckWindow { get; init; }

    /// <inheritdoc cref="AckWindow"/>
    public int AcksOutstanding { get; init; }

    /// <summary>Alerts the stream had already when they were sent again.</summary>
    public long Duplicates { get; init; }

    /// <summary>Alerts the stream will never take.</summary>
    public long StreamRejected { get; init; }

    /// <summary>Publishes that the server refused, and for which subjects: the first few, then their sum.</summary>
    public long PermissionViolations { get; init; }

    /// <inheritdoc cref="PermissionViolations"/>
    public IReadOnlyDictionary<string, long> RefusedSubjects { get; init; } = new Dictionary<string, long>();
}

/// <summary>The pool of connections: how many carry alerts and why, and how alerts are put together.</summary>
internal sealed record StatusPool(
    int Active, int Connections, string Why, long Moves, double BatchWindowUs, long Batches, double AlertsPerBatch);

/// <summary>The disk spool.</summary>
internal sealed record StatusSpool(
    string State, string? LastError, string Folder, long Bytes, long BytesMax, int Segments, long Records,
    long SyncedRecords, double OldestS, long WriteErrors, long DamagedBytes, int BadFiles, double SlowestWriteS);

/// <summary>A rule with its matches.</summary>
internal sealed record StatusRule(string Rule, long Matches);

/// <summary>What a rule costs: measured on typical traffic after the load; runs and matches are counted since.</summary>
internal sealed record StatusCost(
    string Rule, double NsPerPayload, string Stage, IReadOnlyList<string> Literals, long Runs, long Matches,
    string? Exploded);

/// <summary>Reloads since the start; what is said of the last one is null before the first.</summary>
internal sealed record StatusReloads(
    long Succeeded, long Failed, DateTimeOffset? LastAt, bool? LastOk, double? LastTookMs,
    IReadOnlyList<string> LastProblems, IReadOnlyList<string> RestartNeeded);

/// <summary>Compiled metadata of the status.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class StatusJson : JsonSerializerContext;
