using System.Diagnostics;
using Microsoft.Extensions.ObjectPool;
using SensorGateway.ConcurrencyTests.Threading;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Workers;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Rules.Model;

namespace SensorGateway.ConcurrencyTests.Detection;

/// <summary>
/// Rounds of a few payloads that the driving thread mostly judges itself, while the worker's own thread falls asleep. Then
/// nobody touches the worker until the summary of what was held back has come: by the worker's own alarm, or never.
/// </summary>
internal sealed class SummarySoak : IDisposable
{
    private readonly Verdict _verdict = new();
    private readonly Doorbell _bell = new();
    private readonly SensorTable _sensors = new(1);
    private readonly EventRing _payloads = EventRing.Create(64 * 1024, 1);
    private readonly EventRing _alerts = EventRing.Create(64 * 1024, 1);
    private readonly DetectionWorker _worker;
    private readonly RealRole _role;

    /// <param name="window">How long repeats are held back.</param>
    /// <param name="twin">The worker as its thread sees it.</param>
    public SummarySoak(TimeSpan window, Func<IDutyCycle, IDutyCycle> twin)
    {
        var rule = new Rule
        {
            Id = "r",
            Title = "r",
            Match = new LiteralTerm([(byte)'x'], NoCase: false),
            SuppressFor = window,
            Position = new SourcePosition("code", 1, 1),
        };
        var alerts = new AlertOptions { Gateway = "g", MessageBytesMax = 1_024, PayloadBytesMax = 16 };
        var options = new DetectionOptions();
        _worker = new DetectionWorker(
            0,
            _payloads.Reader,
            _alerts.Writers[0],
            _alerts.Space,
            2_048,
            _sensors,
            new RoleRunner(new RingDrain(_alerts.Reader), _bell), // Never parked: this thread drains the alerts itself.
            new AlertEncoder(
                alerts,
                SubjectTemplate.TryParse(alerts.Subject, alerts.Gateway, out _)!,
                new AlertIds(alerts.Gateway, 0),
                TimeProvider.System,
                ObjectPool.Create<AlertBuffer>()),
            RuleProgram.Build(new RuleSet([rule], []), options),
            options);
        _role = new RealRole(twin(_worker), batons: true, _verdict.Report);
    }

    /// <summary>Rounds that ended with a summary by the worker's own alarm.</summary>
    public long Summaries => _worker.Counters.Summaries;

    /// <summary>Turns that the driving thread ran.</summary>
    public long InlineTurns => _role.InlineTurns;

    /// <summary>The first violation, or null.</summary>
    public string? Run(TimeSpan time, TimeSpan lost)
    {
        var sensor = _sensors.Acquire("tcp", "s")!;
        var dice = new Random(1);
        var from = Stopwatch.GetTimestamp();
        for (var round = 0; !_verdict.IsBroken && !SoakTime.IsOver(from, time); round++)
        {
            for (var left = dice.Next(2, 5); left > 0; left--)
            {
                Offer(sensor);
                _role.Drive();
                Thread.SpinWait(dice.Next(4) == 0 ? dice.Next(3_000) : dice.Next(300)); // Meets it at every step to its sleep.
            }

            Await(round, lost);
            while (_alerts.Reader.TryRead(out _))
            {
            }

            _alerts.Reader.Release();
        }

        return _verdict.Violation;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _role.Dispose();
        _worker.Dispose();
        _bell.Dispose();
    }

    private void Offer(Sensor sensor)
    {
        if (!_payloads.Writers[0].TryClaim(1, out var lease))
        {
            _verdict.Report("an almost empty ring refused a record");
            return;
        }

        lease.Payload[0] = (byte)'x';
        lease.Tag.Sensor = sensor.Handle;
        lease.Tag.ReceivedAtTicks = Stopwatch.GetTimestamp();
        _payloads.Writers[0].Commit(lease);
        _payloads.Writers[0].Publish();
    }

    private void Await(int round, TimeSpan lost)
    {
        var since = Stopwatch.GetTimestamp();
        while ((_payloads.Reader.HasRecords || _worker.SummariesOwed > 0) && !_verdict.IsBroken)
        {
            if (SoakTime.IsOver(since, lost))
            {
                _verdict.Report($"round {round}: {_worker.SummariesOwed} summaries are owed, and everybody sleeps");
            }

            Thread.Sleep(0);
        }
    }
}

/// <summary>A worker that does not tell those who run its turns that its own thread must set an alarm.</summary>
internal sealed class NeverNeedsItsThread(IDutyCycle inner) : IDutyCycle
{
    public string Role => inner.Role;

    public bool HasWork => inner.HasWork;

    public long BacklogNanoseconds => inner.BacklogNanoseconds;

    public bool NeedsOwnThread => false;

    public ParkPlan PlanPark() => inner.PlanPark();

    public void Woke() => inner.Woke();

    public int DoWork() => inner.DoWork();
}

/// <summary>A worker whose thread sleeps without a look at the clock.</summary>
internal sealed class SleepsWithoutAlarm(IDutyCycle inner) : IDutyCycle
{
    public string Role => inner.Role;

    public bool HasWork => inner.HasWork;

    public long BacklogNanoseconds => inner.BacklogNanoseconds;

    public bool NeedsOwnThread => inner.NeedsOwnThread;

    public ParkPlan PlanPark()
    {
        inner.PlanPark();
        return ParkPlan.UntilRung;
    }

    public void Woke() => inner.Woke();

    public int DoWork() => inner.DoWork();
}
