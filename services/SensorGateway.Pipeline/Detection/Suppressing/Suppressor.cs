using System.Diagnostics;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Alerts.Summaries;
using SensorGateway.Pipeline.Detection.Workers;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Detection.Suppressing;

/// <summary>Holds repeats back for one detection worker, and hands summaries of them to publishing.</summary>
/// <remarks>
/// Owner: the holder of the worker's baton, save what says "any thread". Time is that of the payloads as long as some
/// wait, so that a backlog changes no verdict, and that of the clock once the ring is empty.
/// </remarks>
internal sealed class Suppressor
{
    private const int WindowsPerTurn = 256;
    private const int ParkMillisecondsMax = 60_000;

    private readonly SuppressionTable _table;
    private readonly SummaryEncoder _encoder;
    private readonly RingWriter _alerts;
    private readonly DetectionCounters _counters;
    private volatile bool _flushAsked;
    private volatile bool _hasChores;
    private int _owed;
    private long _dueTicks = long.MaxValue;
    private long _parkedUntilTicks = long.MaxValue;
    private HeldBack _held;     // What the encoder holds a summary of that found no room in the ring.
    private bool _isHeld;
    private bool _isAllClosed = true;

    /// <param name="pairsMax">Most pairs of rule and sensor remembered at once.</param>
    /// <param name="encoder">Writes the summaries.</param>
    /// <param name="alerts">The worker's end of the alert ring.</param>
    /// <param name="counters">Where summaries are counted.</param>
    public Suppressor(int pairsMax, SummaryEncoder encoder, RingWriter alerts, DetectionCounters counters)
    {
        _table = new SuppressionTable(pairsMax);
        _encoder = encoder;
        _alerts = alerts;
        _counters = counters;
    }

    /// <summary>True when <see cref="TrySettle"/> has something to do that no time must pass for. Any thread.</summary>
    public bool HasChores => _hasChores || (_flushAsked && SummariesOwed > 0);

    /// <summary>Summaries that are still to come for what is held back now. Any thread.</summary>
    public int SummariesOwed => Volatile.Read(ref _owed);

    /// <summary>True when the next summary is due before the worker's own thread would wake. Any thread.</summary>
    public bool NeedsOwnThread => Volatile.Read(ref _dueTicks) < Volatile.Read(ref _parkedUntilTicks);

    /// <summary>Takes over the next generation; rules that are not held back any more get their summaries now.</summary>
    public void Use(SuppressionPlan plan)
    {
        _table.Use(plan);
        _hasChores = _table.IsSweeping;
    }

    /// <summary>Asks for all summaries as soon as no payload waits, from now on. Any thread; then wake the role.</summary>
    public void RequestFlush() => _flushAsked = true;

    /// <inheritdoc cref="SuppressionTable.Hold"/>
    public int Hold(Span<int> rules, Sensors.Sensor sensor, long receivedAtTicks) =>
        _table.Hold(rules, sensor, receivedAtTicks);

    /// <summary>
    /// Before a payload is judged: sends summaries of windows that closed before it came, and of rules that are not held
    /// back any more.
    /// </summary>
    /// <inheritdoc cref="TrySend"/>
    public bool TrySettle(long receivedAtTicks, ref int alerts, int alertsMax)
    {
        var isQuiet = _table.NextCloseTicks > receivedAtTicks && !_table.HasClosed && !_isHeld && !_table.IsSweeping;
        return isQuiet || TrySettleUntil(receivedAtTicks, ref alerts, alertsMax);
    }

    /// <summary>Once no payload waits: the same by the clock.</summary>
    /// <inheritdoc cref="TrySend"/>
    public bool TrySettleIdle(long nowTicks, ref int alerts, int alertsMax) =>
        TrySettleUntil(_flushAsked ? long.MaxValue : nowTicks, ref alerts, alertsMax);

    /// <summary>
    /// Shows other threads where the owner has come to. After summaries were published to the ring and before payloads
    /// are released, so that whoever sees neither payloads nor summaries owed can rely on it.
    /// </summary>
    public void ShowProgress()
    {
        Volatile.Write(ref _owed, _table.SummariesOwed + (_isHeld ? 1 : 0));

        // Windows that held nothing back need no wake-up: they go with the next turn.
        Volatile.Write(ref _dueTicks, _table.SummariesOwed > 0 ? _table.NextCloseTicks : long.MaxValue);
        _hasChores = _table.IsSweeping || _table.HasClosed || _isHeld || !_isAllClosed;
        _counters.SetSuppressedPairs(_table.OpenCount, _table.Evicted);
    }

    /// <summary>How long the worker's own thread may sleep. Only that thread, without the baton.</summary>
    /// <param name="nowTicks">Stopwatch ticks.</param>
    /// <param name="atMost">Milliseconds; -1 sets no limit.</param>
    public int PlanPark(long nowTicks, int atMost)
    {
        var due = Volatile.Read(ref _dueTicks);

        // A turn run elsewhere that holds something back from here on sees this and rings.
        Volatile.Write(ref _parkedUntilTicks, due);
        if (due == long.MaxValue)
        {
            return atMost;
        }

        var nanoseconds = Clock.Nanoseconds(nowTicks, due);
        var milliseconds = (int)Math.Clamp((nanoseconds + 999_999) / 1_000_000, 1, ParkMillisecondsMax);
        return atMost < 0 ? milliseconds : Math.Min(milliseconds, atMost);
    }

    /// <summary>The worker's own thread has slept. Only that thread, without the baton.</summary>
    public void Woke() => Volatile.Write(ref _parkedUntilTicks, long.MaxValue);

    private bool TrySettleUntil(long ticks, ref int alerts, int alertsMax)
    {
        _table.Sweep(WindowsPerTurn);
        _isAllClosed = _table.CloseUntil(ticks, WindowsPerTurn);
        return TrySend(ref alerts, alertsMax);
    }

    /// <param name="alerts">Messages handed over in this turn; counted on.</param>
    /// <param name="alertsMax">Most messages in one turn; what is left comes with the next.</param>
    /// <returns>False when the ring has no room: the encoder keeps the summary for the next call.</returns>
    private bool TrySend(ref int alerts, int alertsMax)
    {
        while (_isHeld || (alerts < alertsMax && _table.TryTake(out _held)))
        {
            if (!_isHeld)
            {
                _encoder.Write(_held.Sensor, _held.Rule.Texts, _held.Count, _held.FirstTicks, _held.LastTicks);
                _isHeld = true;
            }

            var subject = _encoder.Subject;
            var json = _encoder.Json;
            if (!_alerts.TryClaim(subject.Length + json.Length, out var lease))
            {
                return false;
            }

            // As if received now: a summary comes when its window closes, and must not look late in the histograms.
            var now = Stopwatch.GetTimestamp();
            AlertRecord.Write(lease, _held.Sensor.Handle, now, now, _held.Rule.Texts.Severity, subject, json);
            _alerts.Commit(lease);
            _isHeld = false;
            _held = default;
            _counters.CountSummary();
            alerts++;
        }

        return true;
    }
}
