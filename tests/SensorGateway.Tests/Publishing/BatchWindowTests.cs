using System.Diagnostics;
using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Tests.Publishing;

public sealed class BatchWindowTests
{
    private static readonly long Microsecond = Stopwatch.Frequency / 1_000_000;
    private long _now = Stopwatch.Frequency;

    [Theory]
    [InlineData(10_000, 0)]
    [InlineData(50_000, 0)]
    [InlineData(125_000, 500)]
    [InlineData(200_000, 1000)]
    [InlineData(900_000, 1000)]
    public void Holds_SteadyRate_WindowFollowsIt(int perSecond, int expectedMicroseconds)
    {
        var window = new BatchWindow(TimeSpan.FromMilliseconds(1), 64 * 1024);
        Run(window, perSecond);
        Assert.InRange(window.Ticks / Microsecond, expectedMicroseconds * 0.9, expectedMicroseconds * 1.1);
        Run(window, 1000);
        Assert.Equal(0, window.Ticks);
    }

    [Fact]
    public void Holds_WindowOff_NeverHolds()
    {
        var window = new BatchWindow(TimeSpan.Zero, 64 * 1024);
        Run(window, 500_000);
        Assert.False(window.Holds(_now, 1, isBatchFull: false));
        Assert.Equal(long.MaxValue, window.DueTicks);
    }

    [Fact]
    public void Holds_UnderLoad_HoldsUntilTheTimeIsOver()
    {
        var window = Loaded();
        window.NoteAppended(100, isCritical: false);
        Assert.True(window.Holds(_now, 1, isBatchFull: false));
        Assert.Equal(_now + window.Ticks, window.DueTicks);
        Assert.True(window.Holds(_now + window.Ticks - 1, 0, isBatchFull: false));
        Assert.False(window.Holds(_now + window.Ticks, 0, isBatchFull: false));
        Assert.Equal(long.MaxValue, window.DueTicks);
    }

    [Theory]
    [InlineData(true, 100, false)]
    [InlineData(false, 64 * 1024, false)]
    [InlineData(false, 100, true)]
    public void Holds_CriticalOrFull_LetsAllGo(bool isCritical, int bytes, bool isBatchFull)
    {
        var window = Loaded();
        window.NoteAppended(100, isCritical: false);
        Assert.True(window.Holds(_now, 1, isBatchFull: false));
        window.NoteAppended(bytes, isCritical);
        Assert.False(window.Holds(_now, 1, isBatchFull));
    }

    private BatchWindow Loaded()
    {
        var window = new BatchWindow(TimeSpan.FromMilliseconds(10), 64 * 1024);
        Run(window, 300_000);
        Assert.False(window.Holds(_now += Stopwatch.Frequency / 50, 6000, isBatchFull: true)); // Nothing is held now.
        return window;
    }

    private void Run(BatchWindow window, int perSecond)
    {
        for (var i = 0; i < 500; i++)
        {
            window.Holds(_now += Stopwatch.Frequency / 1000, perSecond / 1000, isBatchFull: false);
        }
    }
}
