using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Tests.Simulation.Roles;

namespace SensorGateway.Tests.Simulation.Watching;

/// <summary>Which kinds of trouble one start of the gateway has been through.</summary>
internal static class Sights
{
    /// <summary>All that the seeds together must reach, or they prove less than they seem to.</summary>
    public static IReadOnlyList<string> Wanted { get; } =
    [
        "suppressed", "summaries", "recovered", "spooled", "resent", "reconnected", "duplicates", "cache hit", "cache miss",
        "moved", "killed", "power cut",
        .. new[] { RejectReason.EmptyFrame, RejectReason.TooLarge, RejectReason.CutFrame }.Select(static reason => $"rejected {reason}"),
        $"payload dropped {DropReason.RingFull}",
        .. new[]
        {
            AlertDropReason.UnconfirmedFull, AlertDropReason.TooLarge, AlertDropReason.SubjectForbidden,
            AlertDropReason.SpoolFull, AlertDropReason.SpoolFailed, AlertDropReason.Shutdown,
        }.Select(static reason => $"alert dropped {reason}"),
    ];

    public static IEnumerable<string> Of(SimulatedGateway gateway, Accounts accounts, Ledger ledger)
    {
        var connections = gateway.Connections.Select(static connection => connection.Snapshot()).ToArray();
        var counters = gateway.Publisher.Counters;
        var source = gateway.Source.Port.Counters;
        (string Name, long Count)[] sights =
        [
            ("suppressed", accounts.Suppressed),
            ("summaries", accounts.Summaries),
            ("recovered", accounts.Recovered),
            ("spooled", counters.SpooledEver),
            ("resent", connections.Sum(static connection => connection.Resent)),
            ("reconnected", connections.Sum(static connection => connection.Reconnects)),
            ("duplicates", ledger.Duplicates),
            ("cache hit", gateway.Workers.Sum(static worker => worker.DetectorCounters.CacheHits)),
            ("cache miss", gateway.Workers.Sum(static worker => worker.DetectorCounters.CacheMisses)),
            ("moved", gateway.Publisher.Pool.Moves),
            .. Enum.GetValues<RejectReason>().Select(reason => ($"rejected {reason}", source.Rejected(reason))),
            .. Enum.GetValues<DropReason>().Select(reason => ($"payload dropped {reason}", source.Dropped(reason))),
            .. Enum.GetValues<AlertDropReason>().Select(reason => (
                $"alert dropped {reason}", counters.Dropped(reason) + connections.Sum(connection => connection.Dropped(reason)))),
        ];
        return sights.Where(static sight => sight.Count > 0).Select(static sight => sight.Name);
    }
}
