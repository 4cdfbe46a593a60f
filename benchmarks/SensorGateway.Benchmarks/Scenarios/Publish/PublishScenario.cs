using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.Benchmarks.Scenarios.Publish;

/// <summary>
/// One operation: 64 alerts of 128 bytes handed over, batched, framed and sent over four connections, on one thread.
/// </summary>
internal sealed class PublishScenario : OperationScenario
{
    private const int BatchAlerts = 64;
    private const int AlertBytes = 128;
    private const int ConnectionCount = 4;
    private const long UnconfirmedMax = 8_192; // Waited for outside the timed part, so that no server falls behind.

    private static readonly TimeSpan ConfirmLimit = TimeSpan.FromSeconds(10);

    private readonly NatsServerProcess? _server;
    private readonly SensorTable _table = new(64);
    private readonly Sensor[] _sensors;
    private readonly byte[][] _subjects;
    private readonly byte[] _json = Encoding.ASCII.GetBytes($$"""{"kind":"alert","note":"{{new string('x', AlertBytes - 26)}}"}""");
    private readonly EventRing _ring = EventRing.Create(1 << 20, 1);
    private readonly IPublishConnection[] _connections;
    private readonly PublishWorker _worker;
    private long _handedOver;

    /// <param name="server">A server that this scenario stops at its end; null publishes into the void.</param>
    public PublishScenario(NatsServerProcess? server)
    {
        _server = server;
        _sensors = [.. Enumerable.Range(0, 16).Select(i => _table.Acquire("tcp", string.Create(CultureInfo.InvariantCulture, $"10.0.0.{i}"))!)];
        _subjects = [.. _sensors.Select(sensor => Encoding.ASCII.GetBytes($"alerts.high.{sensor.SubjectToken}"))];
        PublishWorker? worker = null;
        _connections = [.. Enumerable.Range(0, ConnectionCount).Select(i => Connect(i, () => worker?.RequestAttention()))];
        _worker = worker = new PublishWorker(_ring.Reader, _table, _connections, new PublishingOptions(), NullLogger.Instance);
        foreach (var connection in _connections)
        {
            connection.Start();
        }

        Wait(() => _connections.All(connection => connection.Snapshot().State == "connected"), "the server was not reached");
        Run(0);
        Wait(() => Settled == BatchAlerts, "a batch was not confirmed");
        if (_worker.Counters.DroppedTotal > 0)
        {
            throw new InvalidOperationException("alerts were dropped although nothing was in their way");
        }
    }

    /// <summary>Twice as long against a server: most of a slice is spent waiting until it has confirmed.</summary>
    public override int SliceMilliseconds => _server is null ? 50 : 100;

    /// <inheritdoc/>
    protected override int Operations => 64;

    private long Settled => _connections.Sum(static connection => connection.SettledMessages);

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _server?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void Run(int operation)
    {
        var writer = _ring.Writers[0];
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < BatchAlerts; i++)
        {
            var sensor = (operation + i) % _sensors.Length;
            var subject = _subjects[sensor];
            if (!writer.TryClaim(subject.Length + _json.Length, out var lease))
            {
                throw new InvalidOperationException("the alert ring is full, although it was emptied before");
            }

            AlertRecord.Write(lease, _sensors[sensor].Handle, now, now, Severity.High, subject, _json);
            writer.Commit(lease);
        }

        writer.Publish();
        _handedOver += BatchAlerts;
        while (_worker.HasWork)
        {
            _worker.DoWork();
        }
    }

    /// <inheritdoc/>
    protected override void Settle()
    {
        // A summing lambda would be an allocation per operation.
        var settled = 0L;
        foreach (var connection in _connections)
        {
            settled += connection.SettledMessages;
        }

        if (_handedOver - settled > UnconfirmedMax)
        {
            Wait(() => _handedOver - Settled <= UnconfirmedMax / 2, "the server confirms nothing");
        }
    }

    private IPublishConnection Connect(int index, Action attend)
    {
        if (_server is null)
        {
            return new DiscardingConnection();
        }

        var options = new NatsOptions { Servers = [_server.Endpoint], ClientName = "scenario" };
        return new WireConnection(new NatsConnection(options, index, attend, NullLogger.Instance), index, options.Delivery);
    }

    private void Wait(Func<bool> condition, string complaint)
    {
        var from = Stopwatch.GetTimestamp();
        while (!condition())
        {
            _worker.Woke(); // As the role's thread does after each sleep: the next turn looks at everything.
            _worker.DoWork();
            Thread.Sleep(0);
            if (Stopwatch.GetElapsedTime(from) > ConfirmLimit)
            {
                throw new InvalidOperationException($"{complaint} within {ConfirmLimit.TotalSeconds:F0}s");
            }
        }
    }
}
