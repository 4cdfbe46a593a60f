using System.Diagnostics;
using SensorGateway.LoadTest;
using SensorGateway.LoadTest.Contestants;
using SensorGateway.LoadTest.Measuring;
using SensorGateway.LoadTest.Sending;
using SensorGateway.PerfGate.Protocol;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Benchmarks.Scenarios.EndToEnd;

/// <summary>
/// One operation: a payload sent over loopback TCP to this build's own program, until its alert is at a subscriber, with a
/// real nats-server between. Open loop at a stated rate; every payload alerts, 100 regex rules.
/// </summary>
internal sealed class LoadScenario : Scenario
{
    private const int Rules = 100;
    private const int PayloadBytes = 233;
    private const double UnmeasuredSeconds = 0.02; // A new connection is accepted meanwhile.

    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(5);

    private readonly int _rate;
    private readonly PayloadSet _payloads = PayloadSet.Events(PayloadBytes);
    private readonly NatsServer _server = new();
    private readonly GatewayContestant _gateway;
    private readonly AlertSubscriber _subscriber;
    private readonly string _folder = Directory.CreateTempSubdirectory("sg-scenario-").FullName;
    private double _injected;
    private long _injectedMaxNs;
    private double _stepsPerNs;

    public LoadScenario(int payloadsPerSecond)
    {
        _rate = payloadsPerSecond;
        var rules = Path.Combine(_folder, "synthetic.yaml");
        File.WriteAllText(rules, SyntheticRules.Yaml(Rules));
        PreciseSleep.PrepareCallingThread();
        _gateway = new GatewayContestant(new Options(), _server.Address, rules);
        _subscriber = new AlertSubscriber(_server.Address, "alerts.>");
        Slice(TimeSpan.FromMilliseconds(200), new FineHistogram());
    }

    /// <inheritdoc/>
    public override int SliceMilliseconds => 300;

    /// <inheritdoc/>
    public override int Pairs => 8;

    /// <inheritdoc/>
    public override bool Pins => false;

    /// <inheritdoc/>
    public override void Slice(TimeSpan length, FineHistogram into)
    {
        var unmeasured = Math.Max(1, (long)(_rate * UnmeasuredSeconds));
        var end = unmeasured + Math.Max(1, (long)(_rate * length.TotalSeconds));
        var schedule = new Schedule(_rate, 1, 1, length + TimeSpan.FromSeconds(1));
        var arrivals = new ArrivalLog(schedule) { Measured = ns => into.Record(Delay(ns)) };
        _subscriber.Attach(arrivals);
        using var sender = new LoadSender(schedule, _payloads, _gateway.Port, 1);
        schedule.MeasureFrom(unmeasured);
        schedule.Start(Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 500));
        sender.SendPaced(end);
        Wait(arrivals, end);
        if (arrivals.OrderViolations + arrivals.Unexpected + arrivals.Duplicates > 0)
        {
            throw new InvalidOperationException("alerts came twice, out of order or unasked: repair this build before it is measured");
        }
    }

    /// <inheritdoc/>
    public override void Inject(double share)
    {
        var usual = new FineHistogram();
        Slice(TimeSpan.FromMilliseconds(SliceMilliseconds), usual);
        _stepsPerNs = ExtraWork.StepsPerNanosecond();

        // Each alert's extra work delays those behind it, so a stall must not grow without end.
        _injectedMaxNs = (long)(usual.QuantileNs(0.99) * share);
        _injected = share;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _subscriber.Dispose();
        _gateway.Dispose();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    /// <summary>Works for the injected share of a latency and gives the sum; on the subscriber's thread.</summary>
    private long Delay(long ns)
    {
        if (_injected == 0)
        {
            return ns;
        }

        var from = Stopwatch.GetTimestamp();
        ExtraWork.Do((int)(Math.Min(ns * _injected, _injectedMaxNs) * _stepsPerNs));
        return ns + Clock.Nanoseconds(from, Stopwatch.GetTimestamp());
    }

    private void Wait(ArrivalLog arrivals, long alerts)
    {
        var from = Stopwatch.GetTimestamp();
        while (arrivals.Received < alerts)
        {
            if (_subscriber.Fault is { } fault)
            {
                throw new InvalidOperationException($"the subscriber failed: {fault}");
            }

            if (Stopwatch.GetElapsedTime(from) > QuietMax)
            {
                throw new InvalidOperationException($"{alerts - arrivals.Received} of {alerts} alerts never came");
            }

            Thread.Sleep(1);
        }
    }
}
