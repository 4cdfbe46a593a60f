using System.Diagnostics;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>How long alerts wait for company. Owner: holder of the publish baton.</summary>
/// <remarks>
/// Nothing waits below 50,000 alerts/s; from there the window grows with the rate and is whole at 200,000/s. It buys CPU
/// of the server, which reads fewer and fuller chunks, with time. Batches that are full or hold a critical alert go at once.
/// </remarks>
internal sealed class BatchWindow(TimeSpan max, int bytesMax)
{
    public const int RateFrom = 50_000;
    public const int RateWhole = 200_000;
    private static readonly long MeasureTicks = Stopwatch.Frequency / 20;

    private readonly long _maxTicks = (long)(max.TotalSeconds * Stopwatch.Frequency);
    private long _measureFromTicks;
    private long _alerts;
    private long _sinceTicks; // When the first held alert came; 0 while none is held.
    private long _bytes;
    private bool _mustGo;
    private long _ticks;

    /// <summary>Stopwatch ticks that the next alert may wait at most. Any thread may ask.</summary>
    public long Ticks => Volatile.Read(ref _ticks);

    /// <summary>When held alerts must go; MaxValue while none is held.</summary>
    public long DueTicks => _sinceTicks == 0 ? long.MaxValue : _sinceTicks + _ticks;

    /// <summary>An alert was appended to its connection.</summary>
    public void NoteAppended(int bytes, bool isCritical)
    {
        _bytes += bytes;
        _mustGo |= isCritical || _bytes >= bytesMax;
    }

    /// <summary>At the end of a turn: true while what was appended may wait.</summary>
    public bool Holds(long nowTicks, int alerts, bool isBatchFull)
    {
        Measure(nowTicks, alerts);
        if (_ticks > 0 && !_mustGo && !isBatchFull && (alerts > 0 || _sinceTicks != 0))
        {
            _sinceTicks = _sinceTicks == 0 ? nowTicks : _sinceTicks;
            if (nowTicks < DueTicks)
            {
                return true;
            }
        }

        (_sinceTicks, _bytes, _mustGo) = (0, 0, false);
        return false;
    }

    private void Measure(long nowTicks, int alerts)
    {
        _alerts += alerts;
        var elapsed = nowTicks - _measureFromTicks;
        if (_maxTicks == 0 || elapsed < MeasureTicks)
        {
            return;
        }

        var rate = _alerts * (double)Stopwatch.Frequency / elapsed;
        var share = Math.Clamp((rate - RateFrom) / (RateWhole - RateFrom), 0, 1);
        Volatile.Write(ref _ticks, (long)(_maxTicks * share));
        (_measureFromTicks, _alerts) = (nowTicks, 0);
    }
}
