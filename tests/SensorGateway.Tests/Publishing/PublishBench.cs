using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Rules.Model;

namespace SensorGateway.Tests.Publishing;

/// <summary>A publish role between an alert ring and scripted connections.</summary>
internal sealed class PublishBench
{
    /// <summary>No patience: whatever makes no progress has made none for long enough.</summary>
    public static readonly TimeSpan NoPatience = TimeSpan.Zero;

    /// <summary>Longer than any test runs.</summary>
    public static readonly TimeSpan EndlessPatience = TimeSpan.FromHours(10);

    private readonly SensorTable _table = new(64);

    public PublishBench(int connections = 4, TimeSpan? patience = null, ILogger? log = null, bool remembers = true)
    {
        Connections = [.. Enumerable.Range(0, connections).Select(_ => new ScriptedConnection { Remembers = remembers })];
        Sensors = [.. Enumerable.Range(0, 32).Select(i => _table.Acquire("tcp", $"10.0.0.{i}")!)];
        Worker = new PublishWorker(
            Ring.Reader,
            _table,
            Connections,
            new PublishingOptions { PatienceWithSlowServer = patience ?? EndlessPatience, BatchAlertsMax = 16, BatchBytesMax = 4_096 },
            log ?? NullLogger.Instance);
        Worker.RequestAttention(); // As connections do once they are up.
        Worker.DoWork();
    }

    public EventRing Ring { get; } = EventRing.Create(256 * 1024, 1);

    public Sensor[] Sensors { get; }

    public ScriptedConnection[] Connections { get; }

    public PublishWorker Worker { get; }

    public int Offered { get; private set; }

    public ScriptedConnection ConnectionOf(Sensor sensor) => Connections[sensor.Hash % (uint)Connections.Length];

    /// <summary>A sensor on the given connection.</summary>
    public Sensor SensorOn(int connection) => Sensors.First(sensor => ConnectionOf(sensor) == Connections[connection]);

    /// <summary>Puts an alert into the ring, numbered in the order of offers.</summary>
    public void Offer(Sensor sensor, string? json = null, string? subject = null)
    {
        subject ??= $"alerts.low.{sensor.SubjectToken}";
        json ??= Offered.ToString(CultureInfo.InvariantCulture);
        Assert.True(Ring.Writers[0].TryClaim(subject.Length + json.Length, out var lease));
        var now = Stopwatch.GetTimestamp();
        AlertRecord.Write(
            lease, sensor.Handle, now, now, Severity.Low, Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(json));
        Ring.Writers[0].Commit(lease);
        Ring.Writers[0].Publish();
        Offered++;
    }

    /// <summary>Turns until there is nothing left to do, as the role's thread does between two sleeps.</summary>
    public void Work()
    {
        for (var turn = 0; Worker.HasWork && turn < 10_000; turn++)
        {
            Worker.DoWork();
        }
    }

    /// <summary>The role's thread sleeps and wakes, then works.</summary>
    public void WakeAndWork()
    {
        Worker.PlanPark();
        Worker.Woke();
        Work();
    }

    /// <summary>Each offered alert is kept or sent by a connection, dropped and counted, or still waits.</summary>
    public void AssertAddsUp() => Assert.Equal(
        Offered, Connections.Sum(connection => connection.Appended) + Worker.Counters.DroppedTotal + Worker.Waiting);
}
