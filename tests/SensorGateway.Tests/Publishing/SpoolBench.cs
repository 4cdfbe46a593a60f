using System.Diagnostics;
using System.Globalization;
using System.Text;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Gateway;
using SensorGateway.Tests.Spooling;

namespace SensorGateway.Tests.Publishing;

/// <summary>A publish role between an alert ring, scripted connections and a spool whose thread works with a disk in memory.</summary>
internal sealed class SpoolBench : IDisposable
{
    /// <summary>Length of each alert's JSON.</summary>
    public const int AlertBytes = 1000;

    private const int Lanes = 4;

    private readonly SensorTable _table = new(64);
    private readonly EventRing _ring = EventRing.Create(1024 * 1024, 1);
    private readonly Spool _spool;

    public SpoolBench(long unconfirmedBytesMax)
    {
        Connections = [.. Enumerable.Range(0, Lanes).Select(static _ => new ScriptedConnection { BytesEach = AlertBytes })];
        Sensors = [.. Enumerable.Range(0, 32).Select(i => _table.Acquire("tcp", $"10.0.0.{i}")!)];
        _spool = Spool.Create(
            new SpoolOptions { Folder = "x" }, Files, Lanes, 0, () => Worker?.RequestAttention(), TimeProvider.System, Log, out _);
        Worker = new PublishWorker(
            _ring.Reader,
            _table,
            Connections,
            new PublishingOptions
            {
                ActiveConnectionsMin = Lanes,
                UnconfirmedBytesMax = unconfirmedBytesMax,
                PatienceWithSlowServer = TimeSpan.FromMilliseconds(100),
            },
            Log,
            _spool.Port);
        _spool.Start(static (_, fault) => throw fault);
        Until(() => _spool.Snapshot.State == "ok", "the spool to be read");
    }

    public MemoryFiles Files { get; } = new();

    public LineLog Log { get; } = new();

    public Sensor[] Sensors { get; }

    public ScriptedConnection[] Connections { get; }

    public PublishWorker Worker { get; }

    public SpoolSnapshot Snapshot => _spool.Snapshot;

    public Dictionary<Severity, int> Offered { get; } = [];

    /// <summary>Longest time for which the alert ring took nothing: detection would have stood still.</summary>
    public TimeSpan LongestHold { get; private set; }

    public void SetAll(FlushResult state)
    {
        Array.ForEach(Connections, connection => connection.State = state);
        Turn();
    }

    /// <summary>Puts an alert into the ring, numbered in the order of offers, as soon as there is room.</summary>
    public void Offer(Severity severity)
    {
        var number = Offered.Values.Sum();
        var sensor = Sensors[number % Sensors.Length];
        var subject = Encoding.UTF8.GetBytes($"alerts.{severity}.{sensor.SubjectToken}");
        var from = Stopwatch.GetTimestamp();
        SlotLease lease;
        while (!_ring.Writers[0].TryClaim(subject.Length + AlertBytes, out lease))
        {
            Turn();
            Assert.True(Stopwatch.GetElapsedTime(from).TotalSeconds < 30, "detection is held up for good");
        }

        LongestHold = TimeSpan.FromTicks(Math.Max(LongestHold.Ticks, Stopwatch.GetElapsedTime(from).Ticks));
        var json = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture).PadRight(AlertBytes));
        AlertRecord.Write(lease, sensor.Handle, from, from, severity, subject, json);
        _ring.Writers[0].Commit(lease);
        _ring.Writers[0].Publish();
        Offered[severity] = Offered.GetValueOrDefault(severity) + 1;
    }

    public void Offer(Severity severity, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Offer(severity);
            if (i % 64 == 0)
            {
                Turn();
            }
        }
    }

    /// <summary>Offers alerts until those of every connection go to the disk alone.</summary>
    public void OfferUntilAllSpool()
    {
        var from = Stopwatch.GetTimestamp();
        var spooled = 0L;
        for (var inARow = 0; inARow < Sensors.Length;)
        {
            Offer(Severity.Low);
            Until(() => Worker.Waiting == 0, "an empty ring");
            inARow = Worker.Counters.Spooled > spooled ? inARow + 1 : 0;
            spooled = Worker.Counters.Spooled;
            Assert.True(Stopwatch.GetElapsedTime(from).TotalSeconds < 30, "alerts do not go to the disk");
        }
    }

    /// <summary>Turns of the role, its thread sleeping between them, until something is so.</summary>
    public void Until(Func<bool> condition, string what)
    {
        var from = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Turn();
            Assert.True(Stopwatch.GetElapsedTime(from).TotalSeconds < 30, $"waited in vain for: {what}");
        }
    }

    /// <summary>Each offered alert is kept or was sent by a connection, is stored, dropped and counted, or still waits.</summary>
    public void AssertAddsUp() => Assert.Equal(
        Offered.Values.Sum(),
        Connections.Sum(static connection => connection.Appended) + Worker.Counters.Spooled + Worker.Counters.DroppedTotal + Worker.Waiting);

    /// <summary>Every alert that was not dropped arrived once, each sensor's in order.</summary>
    public void AssertArrived()
    {
        var numbers = Connections.Select(static connection =>
            connection.Messages.Select(static message => int.Parse(message.Json, CultureInfo.InvariantCulture)).ToList()).ToList();
        Assert.All(numbers, static list => Assert.Equal(list.Order(), list));
        Assert.Equal(Offered.Values.Sum() - Worker.Counters.DroppedTotal, numbers.SelectMany(static list => list).Distinct().Count());
        Assert.Equal(numbers.Sum(static list => list.Count), numbers.SelectMany(static list => list).Distinct().Count());
    }

    public void Dispose()
    {
        Files.Answers.Set();
        _spool.Dispose();
    }

    private void Turn()
    {
        Worker.PlanPark();
        Worker.Woke();
        if (Worker.DoWork() == 0)
        {
            Thread.Yield();
        }
    }
}
