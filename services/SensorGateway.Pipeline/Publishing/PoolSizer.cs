using System.Diagnostics;
using System.Globalization;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>How many connections of the pool carry alerts. Owner: holder of the publish baton.</summary>
/// <remarks>
/// More connections make smaller batches: four instead of one measured 2-7 times the p95 and a third more CPU at 100,000
/// alerts/s. They pay only while alerts come faster than one connection takes them. So the number grows only under
/// lasting pressure, stays only when that brought at least a tenth more, and shrinks when the pressure is gone.
/// </remarks>
public sealed class PoolSizer
{
    private static readonly long WindowTicks = Stopwatch.Frequency / 4;
    private const int GrowAfterWindows = 6;
    private const int TrialWindows = 3;      // The first is left out: it holds the move itself.
    private const int ShrinkAfterWindows = 40;
    private const double PressedMin = 0.5;
    private const double QuietMax = 0.05;
    private const double GainMin = 1.1;
    private const int RateMin = 10_000;      // Below it, pressure is a slow server, and more connections do not help.
    private static readonly long RetryMinTicks = 30 * Stopwatch.Frequency;
    private static readonly long RetryMaxTicks = 600 * Stopwatch.Frequency;

    private readonly int _min;
    private readonly int _max;
    private readonly string _minReason;
    private long _windowEndTicks;
    private int _turns;
    private int _pressed;
    private long _alerts;
    private int _pressedWindows;
    private double _pressedRates;
    private int _quietWindows;
    private int _trialLeft;      // Windows of the trial to come; 0 when none is on.
    private int _before;         // Active connections and their rate before the trial.
    private double _rateBefore;
    private double _trialRate;
    private long _retryAtTicks = long.MinValue;
    private long _retryTicks = RetryMinTicks;
    private volatile string _why;

    /// <param name="min">Never fewer.</param>
    /// <param name="max">Never more.</param>
    /// <param name="minReason">Why not fewer, in words.</param>
    public PoolSizer(int min, int max, string minReason)
    {
        (_min, _max, _minReason) = (Math.Min(min, max), max, minReason);
        Active = _min;
        _why = minReason;
    }

    /// <summary>Connections that should carry alerts.</summary>
    public int Active { get; private set; }

    /// <summary>Why so many, for people. Any thread may ask.</summary>
    public string Why => _why;

    /// <summary>After each turn of the publish role.</summary>
    /// <param name="nowTicks">Stopwatch ticks.</param>
    /// <param name="alerts">Taken in this turn.</param>
    /// <param name="pressed">More alerts wait than the connections take.</param>
    /// <returns>True when <see cref="Active"/> changed.</returns>
    public bool NoteTurn(long nowTicks, int alerts, bool pressed)
    {
        _turns++;
        _alerts += alerts;
        _pressed += pressed ? 1 : 0;
        if (nowTicks < _windowEndTicks)
        {
            return false;
        }

        var length = _windowEndTicks == 0 ? 0 : nowTicks - _windowEndTicks + WindowTicks;
        var (turns, rate) = (_turns, length == 0 ? 0 : _alerts * (double)Stopwatch.Frequency / length);
        var share = _pressed / (double)turns;
        (_turns, _pressed, _alerts, _windowEndTicks) = (0, 0, 0, nowTicks + WindowTicks);
        var before = Active;
        if (length > 0 && _min < _max)
        {
            EndWindow(nowTicks, rate, share);
        }

        return Active != before;
    }

    private void EndWindow(long nowTicks, double rate, double share)
    {
        if (_trialLeft > 0)
        {
            EndTrialWindow(nowTicks, rate, share);
            return;
        }

        var isPressed = share >= PressedMin && rate >= RateMin;
        _pressedRates = isPressed ? _pressedRates + rate : 0;
        _pressedWindows = isPressed ? _pressedWindows + 1 : 0;
        _quietWindows = share <= QuietMax ? _quietWindows + 1 : 0;
        if (_pressedWindows >= GrowAfterWindows && Active < _max && nowTicks >= _retryAtTicks)
        {
            (_before, _rateBefore) = (Active, _pressedRates / _pressedWindows);
            (_trialRate, _trialLeft) = (0, TrialWindows);
            Active = Math.Min(Active * 2, _max);
            Say($"alerts come faster than {_before} took them ({_rateBefore:F0}/s); trying whether {Active} take more");
            (_pressedWindows, _pressedRates) = (0, 0);
        }
        else if (_quietWindows >= ShrinkAfterWindows && Active > _min)
        {
            Active = Math.Max(Active / 2, _min);
            _quietWindows = 0;
            Say($"no pressure for {ShrinkAfterWindows / 4} s; fewer connections make fuller batches");
        }
    }

    private void EndTrialWindow(long nowTicks, double rate, double share)
    {
        _trialRate = Math.Max(_trialRate, _trialLeft < TrialWindows ? rate : 0);
        if (--_trialLeft > 0)
        {
            return;
        }

        var gain = _trialRate / Math.Max(1, _rateBefore);
        if (gain >= GainMin)
        {
            _retryTicks = RetryMinTicks;
            Say($"{Active} take {gain:F2} times what {_before} took ({_trialRate:F0}/s)");
        }
        else
        {
            // What is no faster with pressure, or needed no more of it without, is better off with fuller batches.
            var tried = Active;
            Active = _before;
            _retryAtTicks = nowTicks + _retryTicks;
            Say(share < PressedMin
                ? (FormattableString)$"the pressure passed while {tried} were tried"
                : $"{tried} were tried and took {gain:F2} times as much; next try in {_retryTicks / Stopwatch.Frequency} s at the earliest");
            _retryTicks = Math.Min(_retryTicks * 2, RetryMaxTicks);
        }
    }

    private void Say(FormattableString why) =>
        _why = Active == _min && _minReason.Length > 0 && _min > 1
            ? FormattableString.Invariant($"{why.ToString(CultureInfo.InvariantCulture)}; {_minReason}")
            : why.ToString(CultureInfo.InvariantCulture);
}
