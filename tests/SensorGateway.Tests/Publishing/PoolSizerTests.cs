using System.Diagnostics;
using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Tests.Publishing;

public sealed class PoolSizerTests
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1000;

    private readonly PoolSizer _sizer = new(1, 4, "quiet");
    private long _now = Stopwatch.Frequency;

    [Fact]
    public void NoteTurn_NoPressure_StaysAtOneAndSaysWhy()
    {
        Run(seconds: 60, perSecond: 5_000, pressed: false);
        Assert.Equal((1, "quiet"), (_sizer.Active, _sizer.Why));
    }

    [Fact]
    public void NoteTurn_PressureThatMoreConnectionsRelieve_GrowsAndStays()
    {
        Run(seconds: 2, perSecond: 200_000, pressed: true);
        Assert.Equal(2, _sizer.Active);
        Run(seconds: 1, perSecond: 300_000, pressed: true);
        Assert.Equal(2, _sizer.Active);
        Assert.Equal("2 take 1.50 times what 1 took (300000/s)", _sizer.Why);
        Run(seconds: 1, perSecond: 300_000, pressed: true);
        Assert.Equal(4, _sizer.Active);
    }

    [Fact]
    public void NoteTurn_PressureThatMoreConnectionsDoNotRelieve_GoesBackAndTriesEverLessOften()
    {
        var trials = 0;
        var before = 1;
        for (var i = 0; i < 600; i++)
        {
            Run(seconds: 1, perSecond: 200_000, pressed: true);
            trials += _sizer.Active > before ? 1 : 0;
            before = _sizer.Active;
        }

        Assert.InRange(trials, 3, 6);
        Assert.Contains("were tried and took 1.00 times as much", _sizer.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void NoteTurn_PressureIsGone_ShrinksAgain()
    {
        Run(seconds: 2, perSecond: 200_000, pressed: true);
        Run(seconds: 1, perSecond: 300_000, pressed: true);
        Assert.Equal(2, _sizer.Active);
        Run(seconds: 15, perSecond: 1000, pressed: false);
        Assert.Equal(1, _sizer.Active);
        Assert.Contains("no pressure for 10 s", _sizer.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void NoteTurn_SlowServer_IsNoReasonToGrow()
    {
        Run(seconds: 30, perSecond: 1000, pressed: true);
        Assert.Equal(1, _sizer.Active);
    }

    [Fact]
    public void NoteTurn_NumberIsFixed_NeverChanges()
    {
        var sizer = new PoolSizer(8, 3, "fixed");
        for (var i = 0; i < 10_000; i++)
        {
            sizer.NoteTurn(_now += Millisecond, 1000, pressed: i < 5000);
        }

        Assert.Equal((3, "fixed"), (sizer.Active, sizer.Why));
    }

    private void Run(int seconds, int perSecond, bool pressed)
    {
        for (var i = 0; i < seconds * 100; i++)
        {
            _sizer.NoteTurn(_now += 10 * Millisecond, perSecond / 100, pressed);
        }
    }
}
