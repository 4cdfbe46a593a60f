using System.Collections.Immutable;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Hosting;

/// <summary>A snapshot with a value in every field.</summary>
internal static class Snapshots
{
    public static GatewaySnapshot Sample() => new()
    {
        StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(100),
        IsListening = true,
        CanPublish = true,
        Sources =
        [
            new SourceSnapshot(
                "field", "tcp://127.0.0.1:7400", 110, 9000, Counts<RejectReason>(1), Counts<DropReason>(1), 5, 1, 2, 3, TimeSpan.FromSeconds(1.5)),
        ],
        PayloadsClean = 90,
        PayloadsAlerted = Counts<Severity>(2),
        AlertsSuppressed = 2,
        Summaries = 2,
        SuppressedPairs = 6,
        SuppressedPairsEvicted = 1,
        CacheHits = 7,
        CacheMisses = 8,
        RegexTimeouts = 1,
        QuarantinedRules = ["slow"],
        QuarantineSkips = 5,
        SlowRules = ["explodes"],
        SlowLaneRuns = 12,
        PlaceTimeouts = 6,
        Rules = [new RuleMatches("a.\"quoted\\\n", 3), new RuleMatches("b", 11)],
        DearestRules = [new RuleCost("b", 1234.56, "regex", ["\\x00ab", "cd"], 77, 11, "own automaton"), new RuleCost("c", 2, "literal", [], 0, 0, null)],
        RuleCount = 32,
        HashCount = 1000,
        Rings = [new RingSnapshot("detect-0", 4, 400, 4096)],
        Roles = [new RoleSnapshot("detect-0", 1, 20, 30, 40)],
        Connections =
        [
            new ConnectionSnapshot { Index = 0, State = "connected", Endpoint = "nats://127.0.0.1:4222", Appended = 9, Confirmed = 5, Unconfirmed = 4, UnconfirmedBytes = 800, Resent = 1, Reconnects = 2, MaxPayloadBytes = 1048576, PermissionViolations = 6, RefusedSubjects = [new NatsRefusedSubject("a.b", 6)], AckWindow = 256, AcksOutstanding = 3, UnconfirmedFor = TimeSpan.FromSeconds(1.5) },
            new ConnectionSnapshot { Index = 1, State = "connecting", LastError = "Connection refused" },
        ],
        Reloads = new ReloadSnapshot
        {
            Succeeded = 3,
            Failed = 1,
            LastAt = DateTimeOffset.UnixEpoch.AddSeconds(150),
            LastTook = TimeSpan.FromMilliseconds(123.45),
            LastProblems = ["r.yaml:3:5: unknown severity 'hgih'; use high."],
            RestartNeeded = ["ring.slots"],
        },
        Pool = new PoolSnapshot(1, 2, "one is enough", 3, 250),
        AlertsWaiting = 1,
        AlertsDropped = Counts<AlertDropReason>(0),
        AlertsSpooled = 3,
        AlertsSpooledEver = 6,
        SpoolRecovered = 3,
        Spool = new SpoolSnapshot
        {
            State = "ok",
            Folder = "/var/spool/sensor-gateway",
            Bytes = 4000,
            BytesMax = 1048576,
            Segments = 2,
            Records = 5,
            SyncedRecords = 4,
            OldestAge = TimeSpan.FromSeconds(12.5),
            WriteErrors = 1,
            DamagedBytes = 16,
            BadFiles = 1,
            SlowestWrite = TimeSpan.FromMilliseconds(7),
        },
        Batches = 2,
        BatchedAlerts = 9,
        IngestToDetect = Times(5_000, 20_000),
        Detect = Times(1_000, 3_000_000_000),
        IngestToSent = Times(60_000),
        HandoverToSent = Times(30_000),
    };

    private static ImmutableDictionary<T, long> Counts<T>(long each)
        where T : struct, Enum => Enum.GetValues<T>().ToImmutableDictionary(value => value, _ => each);

    private static LatencyHistogram Times(params long[] nanoseconds)
    {
        var times = new LatencyHistogram();
        foreach (var one in nanoseconds)
        {
            times.Record(one);
        }

        return times;
    }
}
