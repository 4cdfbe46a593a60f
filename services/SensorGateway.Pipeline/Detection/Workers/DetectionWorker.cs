using System.Diagnostics;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Detection.Suppressing;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Detection.Workers;

/// <summary>The detection role: takes payloads from its ring, has them judged, and hands alerts to publishing.</summary>
/// <remarks>Owner of everything here: the holder of this role's baton.</remarks>
public sealed class DetectionWorker : IDutyCycle, IDisposable
{
    private const int BatchPayloadsMax = 256;
    private const int BatchAlertsMax = 64;

    /// <summary>In bulk every eighth payload is timed: the clock costs as much as a cheap payload.</summary>
    private const int BulkSampleMask = 7;
    private const int BulkFrom = 16;

    private readonly RingReader _payloads;
    private readonly RingWriter _alerts;
    private readonly SensorTable _sensors;
    private readonly RoleRunner _publishing;
    private readonly AlertEncoder _encoder;
    private readonly RuleReport _report;
    private readonly Suppressor _suppressor;
    private readonly Detector _detector;
    private readonly SpaceSignal _alertSpace;
    private readonly int _alertBytesMax;
    private volatile WorkerRules? _prepared; // The newest generation, made for this worker alone.
    private WorkerRules? _preparedInUse;
    private volatile bool _alertsFull;
    private long _nanosecondsPerPayload = 2_000;
    private bool _alertHeld; // The encoder holds the alert of the payload that was put back.

    /// <param name="index">From 0; names the role.</param>
    /// <param name="payloads">Reading end of this worker's ring.</param>
    /// <param name="alerts">This worker's end of the alert ring.</param>
    /// <param name="alertSpace">Tells when the alert ring has room again; rings this role's bell.</param>
    /// <param name="alertBytesMax">Longest alert, subject included.</param>
    /// <param name="sensors">Names of the sensors.</param>
    /// <param name="publishing">The publish role, driven after alerts were handed over.</param>
    /// <param name="encoder">Writes the alerts.</param>
    /// <param name="program">The first generation of rules.</param>
    /// <param name="options">How payloads are checked.</param>
    public DetectionWorker(
        int index,
        RingReader payloads,
        RingWriter alerts,
        SpaceSignal alertSpace,
        int alertBytesMax,
        SensorTable sensors,
        RoleRunner publishing,
        AlertEncoder encoder,
        RuleProgram program,
        DetectionOptions options)
    {
        if (alertBytesMax > alerts.PayloadBytesMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(alertBytesMax),
                alertBytesMax,
                $"The alert ring takes records of at most {alerts.PayloadBytesMax} bytes; make it larger.");
        }

        Role = $"detect-{index}";
        _payloads = payloads;
        _alerts = alerts;
        _sensors = sensors;
        _publishing = publishing;
        _encoder = encoder;
        _alertSpace = alertSpace;
        _alertBytesMax = alertBytesMax;
        _detector = new Detector(program, options);
        _suppressor = new Suppressor(options.SuppressedPairsMax, encoder.Summaries, alerts, Counters);
        _report = new RuleReport(_detector, encoder, _suppressor);
        var first = new WorkerRules(_detector.Rules);
        _report.Use(first);
        _suppressor.Use(first.Suppression);
    }

    /// <inheritdoc/>
    public string Role { get; }

    /// <inheritdoc/>
    public bool HasWork => ((_payloads.HasRecords || _suppressor.HasChores) && !_alertsFull)
        || !ReferenceEquals(_prepared, _preparedInUse); // Whoever waits for a reload must not wait for a payload.

    /// <inheritdoc/>
    public bool NeedsOwnThread => _alertsFull || _suppressor.NeedsOwnThread;

    /// <inheritdoc/>
    public long BacklogNanoseconds => _payloads.Depth * Volatile.Read(ref _nanosecondsPerPayload);

    /// <summary>What was done so far.</summary>
    public DetectionCounters Counters { get; } = new();

    /// <summary>The detector's own counters.</summary>
    public DetectorCounters DetectorCounters => _detector.Counters;

    /// <summary>Summaries that are still to come for what is held back now. Any thread.</summary>
    public int SummariesOwed => _suppressor.SummariesOwed;

    /// <summary>Ends all suppression windows as soon as no payload waits, from now on. Any thread; then wake the role.</summary>
    public void FlushSummaries() => _suppressor.RequestFlush();

    /// <summary>Where payloads can be had for warming the next generation.</summary>
    internal PayloadTap Tap { get; } = new();

    /// <summary>Puts the next generation of rules to work at the start of the next turn, unwarmed. Any thread.</summary>
    public void Use(RuleProgram program) => Use(Prepare(program));

    /// <summary>Does all that is dear about a change, so that the turn that changes over only swaps references.</summary>
    internal static WorkerRules Prepare(RuleProgram program) => new(new PreparedRules(program, program.Options));

    /// <summary>Puts a generation that was prepared for this worker to work at the start of the next turn. Any thread.</summary>
    internal void Use(WorkerRules rules) => _prepared = rules;

    /// <inheritdoc/>
    public ParkPlan PlanPark() => PlanPark(Stopwatch.GetTimestamp());

    internal ParkPlan PlanPark(long now) => new(_suppressor.PlanPark(now, atMost: _alertsFull ? 10 : -1), default);

    /// <inheritdoc/>
    public void Woke()
    {
        _suppressor.Woke();
        _alertsFull = false; // Look again, even if only to find it still so.
    }

    /// <inheritdoc/>
    public int DoWork() => DoWork(Stopwatch.GetTimestamp());

    /// <summary>The turn that begins at a time, in Stopwatch ticks.</summary>
    internal int DoWork(long startedAt)
    {
        if (_prepared is { } prepared && !ReferenceEquals(prepared, _preparedInUse))
        {
            _preparedInUse = prepared;
            _detector.Use(prepared.Rules);
            _report.Use(prepared);
            _suppressor.Use(prepared.Suppression);
        }

        var lastStamp = startedAt;
        var isBulk = _payloads.Depth >= BulkFrom;
        var handled = 0;
        var alerts = 0;
        var stuck = false;
        _alertsFull = false;
        Tap.BeginTurn();
        while (handled < BatchPayloadsMax && alerts < BatchAlertsMax && _payloads.TryRead(out var record))
        {
            var isTimed = !isBulk || (handled & BulkSampleMask) == 0;
            if (isTimed && isBulk)
            {
                lastStamp = Stopwatch.GetTimestamp();
            }

            if (!TryJudge(record, ref alerts))
            {
                _payloads.PutBack();
                stuck = true;
                break;
            }

            handled++;
            if (isTimed)
            {
                var doneAt = Stopwatch.GetTimestamp();
                Counters.IngestToDetect.Record(Clock.Nanoseconds(record.Tag.ReceivedAtTicks, lastStamp));
                Counters.Detect.Record(Clock.Nanoseconds(lastStamp, doneAt));
                lastStamp = doneAt;
            }
        }

        if (!stuck && handled < BatchPayloadsMax && alerts < BatchAlertsMax)
        {
            stuck = !_suppressor.TrySettleIdle(startedAt, ref alerts, BatchAlertsMax);
        }

        if (stuck)
        {
            _alertSpace.Want();

            // Room made before Want went unseen, so look once more before anybody sleeps on it.
            _alertsFull = !_alerts.HasRoomFor(_alertBytesMax);
        }

        // Before the release: whoever sees that no payload is left, as a gateway that stops does, must see its alert.
        if (alerts > 0 || stuck)
        {
            _alerts.Publish();
        }

        _suppressor.ShowProgress();
        if (handled > 0)
        {
            _payloads.Release();
            Learn(handled, Clock.Nanoseconds(startedAt, Stopwatch.GetTimestamp()));
        }

        if (alerts > 0 || stuck)
        {
            _publishing.Drive();
        }

        return Math.Max(handled, alerts); // Summaries are work too, in a turn without payloads.
    }

    /// <summary>Gives buffers back to their pools.</summary>
    public void Dispose() => _encoder.Dispose();

    /// <summary>Judges one payload. False when its alert found no room: it is judged, and counted, only once.</summary>
    private bool TryJudge(in RingRecord record, ref int alerts)
    {
        if (!_alertHeld)
        {
            if (!_suppressor.TrySettle(record.Tag.ReceivedAtTicks, ref alerts, BatchAlertsMax)
                || !_alerts.HasRoomFor(_alertBytesMax))
            {
                return false;
            }

            var verdict = _detector.Inspect(record.Payload);
            if (Tap.IsOpen)
            {
                Tap.Take(record.Payload, isAlert: !verdict.IsClean);
            }

            if (verdict.IsClean)
            {
                Counters.CountClean();
                return true;
            }

            if (!_report.TryWrite(_sensors[record.Tag.Sensor], record, verdict, out var gravest))
            {
                Counters.CountAlerted(gravest);
                Counters.CountSuppressed();
                return true;
            }
        }

        // Another worker may have taken the room since we looked: then the encoder keeps the alert for the next turn.
        _alertHeld = true;
        var severity = _encoder.Severity;
        var subject = _encoder.Subject;
        var json = _encoder.Json;
        if (!_alerts.TryClaim(subject.Length + json.Length, out var lease))
        {
            return false;
        }

        AlertRecord.Write(
            lease, record.Tag.Sensor, record.Tag.ReceivedAtTicks, Stopwatch.GetTimestamp(), severity, subject, json);
        _alerts.Commit(lease);
        _alertHeld = false;
        Counters.CountAlerted(severity);
        alerts++;
        return true;
    }

    private void Learn(int handled, long nanoseconds)
    {
        // A moving average over about eight turns: quick enough to see a new kind of traffic, slow enough for one spike.
        var measured = nanoseconds / handled;
        Volatile.Write(ref _nanosecondsPerPayload, (_nanosecondsPerPayload * 7 + measured) / 8);
    }
}
