using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Simulation.Roles;

namespace SensorGateway.Tests.Simulation.Watching;

/// <summary>All counters of a gateway, as <c>/metrics</c> has them, at a moment between two steps.</summary>
internal sealed class Accounts
{
    private static readonly RejectReason[] Rejects = Enum.GetValues<RejectReason>();
    private static readonly DropReason[] PayloadDrops = Enum.GetValues<DropReason>();
    private static readonly Severity[] Severities = Enum.GetValues<Severity>();
    private static readonly AlertDropReason[] AlertDrops = Enum.GetValues<AlertDropReason>();

    public Accounts(SimulatedGateway gateway)
    {
        var connections = gateway.Connections.Select(static connection => connection.Snapshot()).ToArray();
        var counters = gateway.Publisher.Counters;
        Received = gateway.Source.Port.Counters.Received;
        Rejected = Rejects.Sum(gateway.Source.Port.Counters.Rejected);
        PayloadsDropped = PayloadDrops.Sum(gateway.Source.Port.Counters.Dropped);
        PayloadsWaiting = gateway.PayloadRings.Sum(static ring => ring.Reader.Depth);
        foreach (var worker in gateway.Workers)
        {
            Clean += worker.Counters.Clean;
            Alerted += Severities.Sum(worker.Counters.Alerted);
            Suppressed += worker.Counters.Suppressed;
            Summaries += worker.Counters.Summaries;
        }

        Recovered = counters.SpoolRecovered;
        Spooled = counters.Spooled;
        Confirmed = connections.Sum(static connection => connection.Confirmed);
        SentUnconfirmed = connections.Sum(static connection => connection.SentUnconfirmed);
        Unconfirmed = connections.Sum(static connection => connection.Unconfirmed);
        UnconfirmedBytes = connections.Sum(static connection => connection.UnconfirmedBytes);
        AlertsWaiting = gateway.Publisher.Waiting;
        AlertsDropped = AlertDrops.Sum(reason =>
            counters.Dropped(reason) + connections.Sum(connection => connection.Dropped(reason)));
    }

    public long Received { get; }

    public long Clean { get; }

    public long Alerted { get; }

    public long Rejected { get; }

    public long PayloadsDropped { get; }

    public long PayloadsWaiting { get; }

    public long Summaries { get; }

    public long Recovered { get; }

    public long Confirmed { get; }

    public long SentUnconfirmed { get; }

    public long Unconfirmed { get; }

    public long UnconfirmedBytes { get; }

    public long AlertsWaiting { get; }

    public long Spooled { get; }

    public long Suppressed { get; }

    public long AlertsDropped { get; }

    /// <summary>Both identities hold, with what waits in the rings as a term of its own.</summary>
    public void MustAddUp()
    {
        SimulationFailure.Unless(
            Received == Clean + Alerted + Rejected + PayloadsDropped + PayloadsWaiting,
            $"payloads do not add up: received {Received}, clean {Clean}, alerted {Alerted}, rejected {Rejected}, dropped {PayloadsDropped}, waiting {PayloadsWaiting}");
        SimulationFailure.Unless(
            Alerted + Summaries + Recovered
                == Confirmed + SentUnconfirmed + Unconfirmed + AlertsWaiting + Spooled + Suppressed + AlertsDropped,
            $"alerts do not add up: {this}");
    }

    public override string ToString() => FormattableString.Invariant(
        $"alerted {Alerted}, summaries {Summaries}, recovered {Recovered}; confirmed {Confirmed}, sent {SentUnconfirmed}, unconfirmed {Unconfirmed}, waiting {AlertsWaiting}, spooled {Spooled}, suppressed {Suppressed}, dropped {AlertsDropped}");
}
