using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Publishing.Drivers;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>The alert ring, the publish role with its thread, and the pool of connections.</summary>
internal sealed class PublishLane : IDisposable
{
    /// <summary>Alerts between detection and the connections; thousands of them, and the whole of a long one.</summary>
    private const int AlertRingBytes = 8 * 1024 * 1024;

    private readonly ILogger _log;
    private PinnedThread? _thread;
    private bool _isSpoolStuck;

    public PublishLane(GatewayOptions options, SensorTable sensors, ILoggerFactory logs)
    {
        _log = logs.CreateLogger("SensorGateway.Lanes");
        Ring = EventRing.Create(AlertRingBytes, options.EffectiveWorkers);
        var count = options.Publishing.Connections;
        var nats = options.Nats with { SendLogBytes = LogBytes(options.Publishing.UnconfirmedBytesMax, count) };
        var log = logs.CreateLogger("SensorGateway.Nats");
        Connections =
        [
            .. Enumerable.Range(0, count).Select(index =>
                PublishDrivers.Create(options.Publishing.Driver, nats, index, Attend, log)),
        ];
        var publishing = WithPool(options);
        BootEpoch = options.BootEpoch > 0 ? options.BootEpoch : TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        if (options.Spool is not null)
        {
            Spool = Spool.Create(
                options.Spool, publishing.ActiveConnectionsMin, options.BootEpoch, Attend, logs.CreateLogger("SensorGateway.Spooling"), out var epoch);
            BootEpoch = epoch;
        }

        Worker = new PublishWorker(
            Ring.Reader, sensors, Connections, publishing, logs.CreateLogger("SensorGateway.Publishing"), Spool?.Port);
        Runner = new RoleRunner(Worker, new Doorbell(), options.Threads.Batons);
    }

    /// <summary>Milliseconds since 1970 that make this start's alert ids unique.</summary>
    public long BootEpoch { get; }

    /// <summary>Null without one.</summary>
    public Spool? Spool { get; }

    /// <summary>Alerts that were stored when the lane stopped: unconfirmed ones, and those not sent.</summary>
    public long StoredAtStop { get; private set; }

    public EventRing Ring { get; }

    public ImmutableArray<IPublishConnection> Connections { get; }

    public PublishWorker Worker { get; }

    public RoleRunner Runner { get; }

    public int? Cpu { get; private set; }

    public void Start(int? cpu, bool spin, Action<string, Exception> onFault)
    {
        Cpu = cpu;
        foreach (var connection in Connections)
        {
            connection.Start();
        }

        _thread = new PinnedThread(Runner, cpu, spin, onFault);
        Spool?.Start(onFault);
    }

    public void StopThread()
    {
        _thread?.Dispose();
        _thread = null;
        if (Spool is null)
        {
            Worker.AbandonWaiting();
            return;
        }

        var storing = new Thread(() => StoreAll(Spool)) { Name = "spool-stop", IsBackground = true };
        storing.Start();
        _isSpoolStuck = !storing.Join(Spool.StopLimit);
        if (_isSpoolStuck)
        {
            LanesLog.SpoolHangsAtStop(_log, Spool.StopLimit.TotalSeconds, Worker.Counters.Spooled + Worker.Waiting);
        }
    }

    private void StoreAll(Spool spool)
    {
        spool.StopThread();
        StoredAtStop = Worker.StoreAll(spool.Finish);
    }

    public void Dispose()
    {
        _thread?.Dispose();
        if (!_isSpoolStuck)
        {
            Spool?.Dispose();
        }

        foreach (var connection in Connections)
        {
            connection.Dispose();
        }

        Runner.Doorbell.Dispose();
    }

    /// <summary>
    /// Room of one connection. One may have to keep all, so each has the whole; the sum of what they keep is bounded by
    /// the worker, and pages that nothing was written to cost no memory. Only large settings are shared out.
    /// </summary>
    private static int LogBytes(long totalBytes, int connections) =>
        (int)Math.Min(totalBytes, Math.Max(totalBytes / connections, 64 * 1024 * 1024));

    private static PublishingOptions WithPool(GatewayOptions options)
    {
        var servers = options.Nats.Servers.DistinctBy(static server => (server.Host, server.Port)).Count();
        var min = Math.Min(servers, options.Publishing.Connections);
        return options.Publishing with
        {
            ActiveConnectionsMin = Math.Min(options.Publishing.ActiveConnectionsMin, min),
            ActiveConnectionsReason = options.Spool is not null
                ? "with a spool each sensor stays on its connection, so the number is fixed: one for each server"
                : options.Nats.Delivery == NatsDelivery.Core
                ? "without confirmations sensors cannot change connections in order, so the number is fixed: one for each server"
                : min > 1
                    ? $"never below {min}, one for each server: if one stands still, the others' sensors go on"
                    : "one connection takes all there is; more would make smaller batches",
            SensorsMove = options.Nats.Delivery != NatsDelivery.Core && options.Spool is null,
        };
    }

    private void Attend()
    {
        Worker.RequestAttention();
        Runner.Wake();
    }
}
