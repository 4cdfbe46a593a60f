using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>The publishing half of a gateway alone, fed by one caller in the place of detection; for measuring it.</summary>
/// <remarks>Owner: the one thread that hands over. Counters are for any thread.</remarks>
public sealed class PublishRig : IDisposable
{
    private readonly PublishLane _lane;
    private readonly RingWriter _writer;
    private readonly Doorbell _room = new();
    private readonly CpuPlacement _placement;

    /// <summary>Builds the lane; nothing dials yet. Sources and rules of the options are not used.</summary>
    public PublishRig(GatewayOptions options, ILoggerFactory logs)
    {
        _placement = new CpuPlacement(options.Threads, CpuAffinity.AllowedCpus());
        Sensors = new SensorTable();
        _lane = new PublishLane(options with { DetectionWorkers = 1 }, Sensors, logs);
        _writer = _lane.Ring.Writers[0];
        _lane.Ring.Space.Add(_room);
    }

    /// <summary>Sensors that alerts are handed over for.</summary>
    public SensorTable Sensors { get; }

    /// <summary>What publishing has done.</summary>
    public PublishCounters Counters => _lane.Worker.Counters;

    /// <summary>Alerts that are confirmed, sent for good (mode core), or dropped.</summary>
    public long Settled => _lane.Connections.Sum(static connection => connection.SettledMessages) + Counters.DroppedTotal;

    /// <summary>Which connections carry alerts.</summary>
    public PoolSnapshot Pool => _lane.Worker.Pool;

    /// <summary>The connections, now.</summary>
    public IEnumerable<ConnectionSnapshot> Connections => _lane.Connections.Select(static connection => connection.Snapshot());

    /// <summary>Starts the publish thread and dials.</summary>
    public void Start(Action<string, Exception> onFault) => _lane.Start(_placement.ForPublishing(), spin: false, onFault);

    /// <summary>Puts an alert into the ring; it is passed on by <see cref="Flush"/>. False when the ring is full.</summary>
    /// <param name="sensor">Whose alert it is.</param>
    /// <param name="subject">Subject to publish on.</param>
    /// <param name="json">The message.</param>
    /// <param name="handedOverAtTicks">Where its "sent" time counts from.</param>
    public bool TryHandOver(Sensor sensor, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> json, long handedOverAtTicks)
    {
        if (!_writer.TryClaim(subject.Length + json.Length, out var lease))
        {
            return false;
        }

        AlertRecord.Write(lease, sensor.Handle, handedOverAtTicks, handedOverAtTicks, Severity.Medium, subject, json);
        _writer.Commit(lease);
        return true;
    }

    /// <summary>Passes on what was handed over, as detection does at the end of its turn.</summary>
    public void Flush()
    {
        _writer.Publish();
        _lane.Runner.Drive();
    }

    /// <summary>Sleeps until the ring has room again, or 10 ms.</summary>
    public void WaitForRoom()
    {
        _lane.Ring.Space.Want();
        if (!_writer.IsAtMostHalfFull)
        {
            _room.Wait(10);
        }
    }

    /// <summary>Stops the thread and closes the connections.</summary>
    public void Dispose()
    {
        _lane.StopThread();
        _lane.Dispose();
        _room.Dispose();
    }
}
