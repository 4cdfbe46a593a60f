using SensorGateway.Hosting.Metrics;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Hosting.Status;

/// <summary>Makes a report of a snapshot.</summary>
internal static class StatusBuilder
{
    private const int TopRules = 20;

    public static StatusReport Build(string gateway, GatewaySnapshot snapshot, DateTimeOffset now) => new(
        ProgramVersion.Text,
        gateway,
        Readiness.Of(snapshot) is null,
        Readiness.Of(snapshot),
        snapshot.StartedAt,
        Math.Round((now - snapshot.StartedAt).TotalSeconds, 1),
        snapshot.RuleCount,
        snapshot.HashCount,
        new StatusPayloads(
            snapshot.Received,
            snapshot.PayloadsClean,
            snapshot.Alerted,
            snapshot.Rejected,
            snapshot.Dropped,
            snapshot.PayloadsAlerted
                .OrderBy(pair => pair.Key)
                .ToDictionary(pair => SnakeCase.Of(pair.Key.ToString()), pair => pair.Value)),
        new StatusAlerts(
            snapshot.AlertsConfirmed,
            snapshot.AlertsSentUnconfirmed,
            snapshot.AlertsUnconfirmed,
            snapshot.AlertsDroppedTotal,
            Named(snapshot.AlertsDropped),
            snapshot.AlertsSuppressed,
            snapshot.Summaries,
            snapshot.SuppressedPairs,
            snapshot.AlertsSpooled,
            snapshot.SpoolRecovered),
        new StatusAccounting(snapshot.PayloadsAddUp, snapshot.AlertsAddUp),
        new StatusTimes(
            Of(snapshot.IngestToDetect), Of(snapshot.Detect), Of(snapshot.IngestToSent), Of(snapshot.HandoverToSent)),
        new StatusCache(snapshot.CacheHits, snapshot.CacheMisses),
        [.. snapshot.Sources.Select(Of)],
        [.. snapshot.Rings.Select(ring => new StatusRing(ring.Name, ring.Records, ring.UsedBytes, ring.CapacityBytes))],
        [
            .. snapshot.Roles.Select(role => new StatusRole(
                role.Role, role.Cpu, role.InlineTurns, role.Wakeups, role.AllocatedBytes)),
        ],
        new StatusPool(
            snapshot.Pool.Active,
            snapshot.Pool.Connections,
            snapshot.Pool.Why,
            snapshot.Pool.Moves,
            Math.Round(snapshot.Pool.WindowMicroseconds, 1),
            snapshot.Batches,
            Math.Round(snapshot.BatchedAlerts / (double)Math.Max(1, snapshot.Batches), 2)),
        [.. snapshot.Connections.Select(one => new StatusConnection(
            one.Index,
            one.State,
            one.Endpoint,
            one.LastError,
            one.Confirmed,
            one.Unconfirmed,
            one.UnconfirmedBytes,
            one.Resent,
            one.Reconnects)
        {
            UnconfirmedForS = Math.Round(one.UnconfirmedFor.TotalSeconds, 3),
            MaxPayloadBytes = one.MaxPayloadBytes,
            AckWindow = one.AckWindow,
            AcksOutstanding = one.AcksOutstanding,
            Duplicates = one.Duplicates,
            StreamRejected = one.StreamRejected,
            PermissionViolations = one.PermissionViolations,
            RefusedSubjects = one.RefusedSubjects.ToDictionary(refused => refused.Subject, refused => refused.Count),
        })],
        [
            .. snapshot.Rules
                .OrderByDescending(rule => rule.Matches)
                .Take(TopRules)
                .Select(rule => new StatusRule(rule.Rule, rule.Matches)),
        ],
        Of(snapshot.Reloads))
    {
        DearestRules =
        [
            .. snapshot.DearestRules.Select(rule => new StatusCost(
                rule.Rule, Math.Round(rule.NsPerPayload, 1), rule.Stage, rule.Literals, rule.Runs, rule.Matches,
                rule.Exploded)),
        ],
        QuarantinedRules = snapshot.QuarantinedRules,
        SlowRules = snapshot.SlowRules,
        Spool = snapshot.Spool is { } spool ? Of(spool) : null,
    };

    private static StatusReloads Of(ReloadSnapshot reloads) => new(
        reloads.Succeeded,
        reloads.Failed,
        reloads.LastAt,
        reloads.LastAt is null ? null : reloads.LastSucceeded,
        reloads.LastAt is null ? null : Math.Round(reloads.LastTook.TotalMilliseconds, 1),
        reloads.LastProblems,
        reloads.RestartNeeded);

    private static StatusSpool Of(SpoolSnapshot spool) => new(
        spool.State,
        spool.LastError,
        spool.Folder,
        spool.Bytes,
        spool.BytesMax,
        spool.Segments,
        spool.Records,
        spool.SyncedRecords,
        Math.Round(spool.OldestAge.TotalSeconds, 1),
        spool.WriteErrors,
        spool.DamagedBytes,
        spool.BadFiles,
        Math.Round(spool.SlowestWrite.TotalSeconds, 3));

    private static StatusSource Of(SourceSnapshot source) => new(
        source.Id,
        source.Endpoint,
        source.Received,
        source.ReceivedBytes,
        source.ConnectionsOpen,
        source.ConnectionsAccepted,
        source.ConnectionsRefused,
        source.ConnectionsTimedOut,
        Math.Round(source.Blocked.TotalSeconds, 3),
        Named(source.Rejected),
        Named(source.Dropped));

    private static StatusTime Of(LatencyHistogram times) => new(
        times.Count,
        Microseconds(times.Percentile(0.50)),
        Microseconds(times.Percentile(0.95)),
        Microseconds(times.Percentile(0.99)),
        Microseconds(times.MaxNanoseconds));

    private static double Microseconds(long nanoseconds) => Math.Round(nanoseconds / 1000.0, 1);

    private static Dictionary<string, long> Named<T>(IReadOnlyDictionary<T, long> counts)
        where T : struct, Enum =>
        counts.OrderBy(pair => pair.Key).ToDictionary(pair => SnakeCase.Of(pair.Key.ToString()), pair => pair.Value);
}
