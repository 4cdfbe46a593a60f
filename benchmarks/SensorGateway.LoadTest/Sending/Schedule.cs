using System.Diagnostics;

namespace SensorGateway.LoadTest.Sending;

/// <summary>Which payload is due when, where it goes and whether it is an alert: all of it a function of its number.</summary>
/// <remarks>
/// Known to sender and subscriber alike, so neither has to tell the other anything. Fields that a run fixes later are
/// written before the first payload that depends on them is sent; the sockets in between order the accesses.
/// </remarks>
internal sealed class Schedule
{
    private const long PayloadsPerSecondMax = 10_000_000;
    private const long Million = 1_000_000;

    private readonly double _ticksPerPayload;
    private readonly long _alertsPerMillion;
    private long _startTicks;
    private long _measuredFrom = long.MaxValue;
    private volatile ClosingRange[] _closing = [];

    /// <param name="ratePerSecond">Payloads a second, or null for as fast as they are taken.</param>
    /// <param name="alertRatio">0 to 1.</param>
    /// <param name="connections">TCP connections to spread payloads over.</param>
    /// <param name="total">How long all of it may last.</param>
    public Schedule(int? ratePerSecond, double alertRatio, int connections, TimeSpan total)
    {
        RatePerSecond = ratePerSecond;
        Connections = connections;
        _ticksPerPayload = ratePerSecond is { } rate ? (double)Stopwatch.Frequency / rate : 0;
        _alertsPerMillion = (long)Math.Round(alertRatio * Million);
        SequenceMax = (long)Math.Ceiling(total.TotalSeconds * (ratePerSecond ?? PayloadsPerSecondMax)) + connections;
    }

    /// <summary>Null when unthrottled.</summary>
    public int? RatePerSecond { get; }

    /// <summary>TCP connections.</summary>
    public int Connections { get; }

    /// <summary>All payload numbers are below this.</summary>
    public long SequenceMax { get; }

    /// <summary>True for about the wanted share of payloads, evenly spread, and for the closing ones.</summary>
    public bool IsAlert(long sequence)
    {
        foreach (var range in _closing)
        {
            if (sequence >= range.From && sequence < range.To)
            {
                return true;
            }
        }

        return (sequence + 1) * _alertsPerMillion / Million != sequence * _alertsPerMillion / Million;
    }

    /// <summary>Where a payload goes; shifts by one each round so that evenly spread alerts reach every connection.</summary>
    public int ConnectionOf(long sequence) => (int)((sequence + (sequence / Connections)) % Connections);

    /// <summary>True from the end of the warm-up on.</summary>
    public bool IsMeasured(long sequence) => RatePerSecond is not null && sequence >= Volatile.Read(ref _measuredFrom);

    /// <summary>When a payload should be sent, whatever became of those before it, in Stopwatch ticks.</summary>
    public long IntendedTicks(long sequence) => Volatile.Read(ref _startTicks) + (long)(sequence * _ticksPerPayload);

    /// <summary>Number of the first payload not due at <paramref name="nowTicks"/>.</summary>
    public long DueBefore(long nowTicks) => nowTicks < _startTicks ? 0
        : (long)((nowTicks - _startTicks) / _ticksPerPayload) + 1;

    /// <summary>Fixes when payload 0 is due.</summary>
    public void Start(long ticks) => Volatile.Write(ref _startTicks, ticks);

    /// <summary>Fixes where the measured part begins.</summary>
    public void MeasureFrom(long sequence) => Volatile.Write(ref _measuredFrom, sequence);

    /// <summary>
    /// Makes one payload of each connection an alert, whatever the ratio: when these have come, all before them are done.
    /// </summary>
    /// <returns>Number of the first of them; the others follow.</returns>
    public long CloseAfter(long sent)
    {
        // Whole rounds of connections, so that each gets exactly one.
        var from = (sent + Connections - 1) / Connections * Connections;
        _closing = [.. _closing, new ClosingRange(from, from + Connections)];
        return from;
    }

    private readonly record struct ClosingRange(long From, long To);
}
