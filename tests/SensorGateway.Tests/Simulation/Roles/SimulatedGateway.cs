using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.ObjectPool;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Detection.Workers;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Spooling.Files;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Tests.Simulation.Network;
using SensorGateway.Tests.Simulation.Twins;
using SensorGateway.Tests.Simulation.Watching;

namespace SensorGateway.Tests.Simulation.Roles;

/// <summary>One start of the gateway, wired as the room Lanes does it, with smaller memories and steps in place of threads.</summary>
internal sealed class SimulatedGateway : IDisposable
{
    public const int PayloadBytesMax = 2048;
    private const int MessageBytesMax = 2048;
    private const int SubjectBytesMax = 512;
    private static readonly ObjectPool<AlertBuffer> Buffers = ObjectPool.Create<AlertBuffer>();

    private readonly TimeProvider _clock;
    private bool _isDisposed;
    private readonly List<Doorbell> _bells = [];

    public SimulatedGateway(
        Scenario scenario, SimulatedNetwork network, ISpoolFiles files, Ledger ledger, Random random,
        IReadOnlyList<string> sensors, Twin twin)
    {
        _clock = network.Clock;
        Alerts = EventRing.Create(scenario.AlertRingBytes, scenario.Workers);
        var nats = new NatsOptions
        {
            Servers = network.Endpoints,
            Delivery = scenario.Delivery,
            SendLogBytes = (int)scenario.UnconfirmedBytes,
        };
        var wires = new NatsConnection[Scenario.Connections];
        for (var i = 0; i < wires.Length; i++)
        {
            wires[i] = new NatsConnection(nats, i, Attend, NullLogger.Instance) { Time = _clock };
        }

        Connections = [.. wires.Select((wire, index) => twin.Wrap(new WireConnection(wire, index, scenario.Delivery)))];
        Readers = [.. wires.Select((wire, index) => new SimulatedReader(wire, nats, index, network, random))];
        var active = Math.Min(scenario.Servers, Scenario.Connections);
        var epoch = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (scenario.SpoolBytes > 0)
        {
            var spool = new SpoolOptions { Folder = "spool", BytesMax = scenario.SpoolBytes };
            Spool = Spool.Create(
                spool, files, active, 0, Attend, _clock, NullLogger.Instance, out epoch,
                new SpoolRings(32 * 1024, 16 * 1024));
        }

        Publisher = new PublishWorker(
            Alerts.Reader,
            Sensors,
            Connections,
            new PublishingOptions
            {
                Connections = Scenario.Connections,
                ActiveConnectionsMin = active,
                SensorsMove = scenario.Delivery != NatsDelivery.Core && Spool is null,
                BatchWindowMax = scenario.BatchWindow,
                BatchAlertsMax = 64,
                BatchBytesMax = 16 * 1024,
                UnconfirmedBytesMax = scenario.UnconfirmedBytes,
                FrameBytesMax = 8192,
            },
            NullLogger.Instance,
            Spool?.Port,
            _clock.GetTimestamp());
        PublishRole = new SimulatedRole(
            Publisher, _clock, Publisher.DoWork, Publisher.PlanPark, static () => 0)
        {
            AfterTurn = () => ledger.NoteTaken(PublishRole!.Turns + ((long)ledger.Process << 32), Publisher.Waiting),
        };
        _publishing = new RoleRunner(PublishRole, Bell(), scenario.Batons);
        foreach (var sensor in sensors)
        {
            Sensors.Acquire("field", sensor);
        }

        var ids = new AlertIds("edge", epoch);
        var alerts = new AlertOptions
        {
            Gateway = "edge",
            MessageBytesMax = MessageBytesMax,
            PayloadBytesMax = scenario.AlertPayloadBytes,
        };
        for (var i = 0; i < scenario.Workers; i++)
        {
            AddWorker(i, scenario, alerts, ids, ledger);
        }

        Source = new SimulatedSource(
            [.. _lanes.Select(static lane => (lane.Ring.Writers[0], lane.Ring.Space, lane.Runner))], scenario.Overload,
            PayloadBytesMax, _clock);
        Threads =
        [
            .. _lanes.Select(lane => new SimulatedThread(lane.Runner, lane.Runner.Work, network)),
            new SimulatedThread(_publishing, PublishRole, network),
        ];
        if (Spool is { } running)
        {
            var role = new SimulatedRole(
                running.Worker, _clock, running.Worker.DoWork, _ => running.Worker.PlanPark(), static () => 0);
            Threads.Add(new SimulatedThread(running.Runner, role, network));
        }
    }

    private readonly RoleRunner _publishing;
    private readonly List<(EventRing Ring, DetectionWorker Worker, RoleRunner Runner)> _lanes = [];

    public SensorTable Sensors { get; } = new(64);

    public SimulatedSource Source { get; }

    public EventRing Alerts { get; }

    public IEnumerable<EventRing> Rings => _lanes.Select(static lane => lane.Ring).Append(Alerts);

    public IEnumerable<EventRing> PayloadRings => _lanes.Select(static lane => lane.Ring);

    public IEnumerable<DetectionWorker> Workers => _lanes.Select(static lane => lane.Worker);

    public PublishWorker Publisher { get; }

    public SimulatedRole PublishRole { get; }

    public Spool? Spool { get; }

    public IReadOnlyList<IPublishConnection> Connections { get; }

    public IReadOnlyList<SimulatedReader> Readers { get; }

    public List<SimulatedThread> Threads { get; }

    /// <summary>Puts another generation of rules to work, as a reload does at its end.</summary>
    public void Reload(int generation)
    {
        foreach (var (_, worker, runner) in _lanes)
        {
            worker.Use(DetectionWorker.Prepare(SimulatedRules.Generations[generation]));
            runner.Wake();
        }
    }

    /// <summary>The gateway stops taking payloads in, and sends the summaries it owes.</summary>
    public void BeginStop()
    {
        Source.Stop();
        foreach (var (_, worker, runner) in _lanes)
        {
            worker.FlushSummaries();
            runner.Wake();
        }
    }

    /// <summary>Nothing waits that could still come out.</summary>
    public bool IsDrained =>
        _lanes.All(static lane => !lane.Ring.Reader.HasRecords && lane.Worker.SummariesOwed == 0)
        && Publisher.Waiting == 0
        && Connections.Select(static connection => connection.Snapshot()).All(connection =>
            connection.Unconfirmed == 0 || (Spool is not null && connection.State != "connected"));

    /// <summary>Threads have ended: what is left is stored, or counted as dropped.</summary>
    /// <returns>Alerts that the gateway says are stored.</returns>
    public long EndStop()
    {
        if (Spool is null)
        {
            Publisher.AbandonWaiting();
            return 0;
        }

        return Publisher.StoreAll(() => Spool.Finish(_clock.GetTimestamp()), _clock.GetTimestamp());
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        foreach (var (_, worker, _) in _lanes)
        {
            worker.Dispose();
        }

        Spool?.Dispose();
        foreach (var connection in Connections)
        {
            connection.Dispose();
        }

        Source.Port.Doorbell.Dispose();
        _bells.ForEach(static bell => bell.Dispose());
    }

    private void AddWorker(int index, Scenario scenario, AlertOptions alerts, AlertIds ids, Ledger ledger)
    {
        var ring = EventRing.Create(scenario.PayloadRingBytes, 1);
        var worker = new DetectionWorker(
            index,
            ring.Reader,
            new RecordingWriter(Alerts.Writers[index], Sensors, ledger),
            Alerts.Space,
            MessageBytesMax + SubjectBytesMax,
            Sensors,
            _publishing,
            new AlertEncoder(alerts, SubjectTemplate.TryParse(alerts.Subject, alerts.Gateway, out _)!, ids, _clock, Buffers),
            SimulatedRules.Generations[0],
            SimulatedRules.Options);
        var bell = Bell();
        Alerts.Space.Add(bell);
        var role = new SimulatedRole(worker, _clock, worker.DoWork, worker.PlanPark, () => ring.Reader.Depth);
        _lanes.Add((ring, worker, new RoleRunner(role, bell, scenario.Batons)));
    }

    private Doorbell Bell()
    {
        _bells.Add(new Doorbell());
        return _bells[^1];
    }

    private void Attend()
    {
        Publisher.RequestAttention();
        _publishing.Wake();
    }
}
