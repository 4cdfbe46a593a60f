using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.ObjectPool;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Workers;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Detection.Workers;

/// <summary>A detection worker between two real rings; nobody takes the alerts but the test.</summary>
internal sealed class WorkerBench : IDisposable
{
    private readonly Doorbell _bell = new();
    private readonly AlertEncoder _encoder;

    public WorkerBench(
        RuleSet rules,
        int alertRingBytes = 1 << 20,
        int alertProducers = 1,
        DetectionOptions? detection = null,
        AlertOptions? alerts = null,
        Func<RingWriter, RingWriter>? wrap = null)
    {
        Options = detection ?? new DetectionOptions();
        var texts = alerts ?? new AlertOptions { Gateway = "edge-1", MessageBytesMax = 1_024, PayloadBytesMax = 64 };
        Alerts = EventRing.Create(alertRingBytes, alertProducers);
        Alerts.Space.Add(_bell);
        Sensor = Sensors.Acquire("tcp", "10.0.0.7")!;
        _encoder = new AlertEncoder(
            texts,
            SubjectTemplate.TryParse(texts.Subject, texts.Gateway, out _)!,
            new AlertIds(texts.Gateway, 0),
            new ManualTime(),
            ObjectPool.Create<AlertBuffer>());
        Publishing = new RoleRunner(new Threading.ScriptedWork(), _bell);
        Worker = new DetectionWorker(
            0,
            Payloads.Reader,
            wrap?.Invoke(Alerts.Writers[0]) ?? Alerts.Writers[0],
            Alerts.Space,
            texts.MessageBytesMax + 512,
            Sensors,
            Publishing,
            _encoder,
            RuleProgram.Build(rules, Options),
            Options);
    }

    public DetectionOptions Options { get; }

    public EventRing Payloads { get; } = EventRing.Create(1 << 20, 1);

    public EventRing Alerts { get; }

    public SensorTable Sensors { get; } = new(8);

    public Sensor Sensor { get; }

    public RoleRunner Publishing { get; }

    public DetectionWorker Worker { get; }

    public long Alerted => Enum.GetValues<Severity>().Sum(Worker.Counters.Alerted);

    public bool BellHasRung => _bell.Wait(0);

    public void Offer(string payload) => Offer(Encoding.UTF8.GetBytes(payload));

    public void Offer(ReadOnlySpan<byte> payload) => Offer(payload, Stopwatch.GetTimestamp());

    public void Offer(string payload, long receivedAtTicks) => Offer(Encoding.UTF8.GetBytes(payload), receivedAtTicks);

    public void Offer(ReadOnlySpan<byte> payload, long receivedAtTicks, Sensor? sensor = null)
    {
        Assert.True(Payloads.Writers[0].TryClaim(payload.Length, out var lease));
        payload.CopyTo(lease.Payload);
        lease.Tag.Sensor = (sensor ?? Sensor).Handle;
        lease.Tag.ReceivedAtTicks = receivedAtTicks;
        Payloads.Writers[0].Commit(lease);
        Payloads.Writers[0].Publish();
    }

    public void Work()
    {
        for (var turn = 0; Worker.HasWork && turn < 10_000; turn++)
        {
            Worker.DoWork();
        }
    }

    /// <summary>The alerts that wait, as JSON; their room is given back.</summary>
    public List<string> TakeAlerts(int atMost = int.MaxValue)
    {
        var alerts = new List<string>();
        while (alerts.Count < atMost && Alerts.Reader.TryRead(out var record))
        {
            alerts.Add(Encoding.UTF8.GetString(AlertRecord.Json(record)));
        }

        Alerts.Reader.Release();
        return alerts;
    }

    /// <summary>The one message that waits, with its subject.</summary>
    public string TakeRecord(out string subject)
    {
        Assert.True(Alerts.Reader.TryRead(out var record));
        subject = Encoding.UTF8.GetString(AlertRecord.Subject(record));
        var json = Encoding.UTF8.GetString(AlertRecord.Json(record));
        Assert.False(Alerts.Reader.TryRead(out _));
        Alerts.Reader.Release();
        return json;
    }

    public void Dispose()
    {
        Worker.Dispose();
        _bell.Dispose();
    }
}
