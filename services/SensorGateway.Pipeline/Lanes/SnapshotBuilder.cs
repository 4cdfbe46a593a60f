using System.Collections.Immutable;
using SensorGateway.Pipeline.Lanes.Generations;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>Adds the cells of all threads up. Any thread may ask; the hot path pays nothing for it.</summary>
internal static class SnapshotBuilder
{
    public static GatewaySnapshot Build(
        DateTimeOffset startedAt,
        bool isListening,
        RuleSwap rules,
        SourceLane[] sources,
        DetectionLane[] lanes,
        PublishLane publishing)
    {
        // Against the way of a payload: what is counted later in the pipeline is read first, so that in a running
        // gateway no sum is ever larger than what came in.
        var connections = publishing.Connections.Select(static connection => connection.Snapshot()).ToImmutableArray();
        var counters = publishing.Worker.Counters;
        var dropped = AllOf<AlertDropReason>(reason =>
            counters.Dropped(reason) + connections.Sum(connection => connection.Dropped(reason)));
        var spooled = counters.Spooled;
        var waiting = publishing.Worker.Waiting;
        var detectors = lanes.Select(static lane => lane.Worker.DetectorCounters).ToArray();
        return new GatewaySnapshot
        {
            StartedAt = startedAt,
            IsListening = isListening,
            CanPublish = connections.Any(static connection => connection.State == "connected"),
            Connections = connections,
            Pool = publishing.Worker.Pool,
            AlertsDropped = dropped,
            AlertsWaiting = waiting,
            AlertsSpooled = spooled,
            AlertsSpooledEver = counters.SpooledEver,
            SpoolRecovered = counters.SpoolRecovered,
            Spool = publishing.Spool?.Snapshot,
            Batches = counters.Batches,
            BatchedAlerts = counters.BatchedAlerts,
            Summaries = lanes.Sum(static lane => lane.Worker.Counters.Summaries),
            AlertsSuppressed = lanes.Sum(static lane => lane.Worker.Counters.Suppressed),
            SuppressedPairs = lanes.Sum(static lane => (long)lane.Worker.Counters.SuppressedPairs),
            SuppressedPairsEvicted = lanes.Sum(static lane => lane.Worker.Counters.SuppressedPairsEvicted),
            PayloadsAlerted = AllOf<Severity>(severity => lanes.Sum(lane => lane.Worker.Counters.Alerted(severity))),
            PayloadsClean = lanes.Sum(static lane => lane.Worker.Counters.Clean),
            CacheHits = detectors.Sum(static detector => detector.CacheHits),
            CacheMisses = detectors.Sum(static detector => detector.CacheMisses),
            RegexTimeouts = detectors.Sum(static detector => detector.Timeouts),
            QuarantinedRules = [.. rules.Program.QuarantinedRules().Select(rule => rules.Program.Reported[rule].Id)],
            QuarantineSkips = detectors.Sum(static detector => detector.QuarantineSkips),
            SlowRules = RuleCosts.Slow(rules.Program, detectors),
            SlowLaneRuns = detectors.Sum(static detector => detector.SlowLaneRuns),
            PlaceTimeouts = detectors.Sum(static detector => detector.PlaceTimeouts),
            Rules = rules.Matches(),
            DearestRules = RuleCosts.Dearest(rules.Program, detectors),
            RuleCount = rules.Program.Rules.Rules.Length,
            HashCount = rules.Program.Rules.HashLists.Sum(static list => (long)list.Count),
            Rings = [.. lanes.Select(static lane => RingOf(lane))],
            Roles = RolesOf(sources, lanes, publishing),
            IngestToDetect = Sum(lanes.Select(static lane => lane.Worker.Counters.IngestToDetect)),
            Detect = Sum(lanes.Select(static lane => lane.Worker.Counters.Detect)),
            IngestToSent = Sum([counters.IngestToSent]),
            HandoverToSent = Sum([counters.HandoverToSent]),
            Sources = [.. sources.Select(SourceOf)],
        };
    }

    private static ImmutableDictionary<T, long> AllOf<T>(Func<T, long> count)
        where T : struct, Enum => Enum.GetValues<T>().ToImmutableDictionary(static reason => reason, count);

    private static LatencyHistogram Sum(IEnumerable<LatencyHistogram> histograms)
    {
        var sum = new LatencyHistogram();
        foreach (var histogram in histograms)
        {
            sum.Add(histogram);
        }

        return sum;
    }

    private static RingSnapshot RingOf(DetectionLane lane) => new(
        lane.Worker.Role, lane.Ring.Reader.Depth, lane.Ring.Reader.UsedBytes, lane.Ring.Reader.CapacityBytes);

    private static ImmutableArray<RoleSnapshot> RolesOf(
        SourceLane[] sources, DetectionLane[] lanes, PublishLane publishing) =>
    [
        .. sources.Select(static source => new RoleSnapshot($"ingest-{source.Source.Id}", source.Cpu, 0, 0, 0)),
        .. lanes.Select(static lane => RoleOf(lane.Runner, lane.Cpu)),
        RoleOf(publishing.Runner, publishing.Cpu),
    ];

    private static RoleSnapshot RoleOf(RoleRunner runner, int? cpu) =>
        new(runner.Work.Role, cpu, runner.InlineTurns, runner.Rings, runner.AllocatedBytes);

    private static SourceSnapshot SourceOf(SourceLane lane)
    {
        var counters = lane.Port.Counters;
        return new SourceSnapshot(
            lane.Source.Id,
            lane.Source.Endpoint,
            counters.Received,
            counters.ReceivedBytes,
            AllOf<RejectReason>(counters.Rejected),
            AllOf<DropReason>(counters.Dropped),
            counters.ConnectionsAccepted,
            counters.ConnectionsRefused,
            counters.ConnectionsTimedOut,
            counters.ConnectionsOpen,
            lane.Port.Blocked);
    }
}
