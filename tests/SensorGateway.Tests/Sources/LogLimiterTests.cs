using System.Diagnostics;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Tests.Sources;

public sealed class LogLimiterTests
{
    private static readonly long Second = Stopwatch.Frequency;

    [Fact]
    public void TryPass_Burst_WritesOneLineAndHoldsTheRest()
    {
        var limiter = new LogLimiter();

        Assert.True(limiter.TryPass(0));
        Assert.Equal(long.MaxValue, limiter.DueAtTicks);
        Assert.False(limiter.TryPass(Second));
        Assert.False(limiter.TryPass(9 * Second));

        Assert.Equal(10 * Second, limiter.DueAtTicks);
        Assert.Equal(0, limiter.TakeHeld(10 * Second - 1));
        Assert.Equal(2, limiter.TakeHeld(10 * Second));
        Assert.Equal(0, limiter.TakeHeld(30 * Second));
    }

    [Fact]
    public void TryPass_AfterQuiet_WritesAtOnceAgain()
    {
        var limiter = new LogLimiter(TimeSpan.FromSeconds(1));

        Assert.True(limiter.TryPass(0));
        Assert.True(limiter.TryPass(Second));
        Assert.False(limiter.TryPass(Second + 1));
        Assert.Equal(1, limiter.TakeHeld(2 * Second));
        Assert.False(limiter.TryPass(2 * Second + 1)); // The sum was a line too.
    }

    [Fact]
    public void TakeHeld_AtTheEnd_GivesWhatIsLeftBeforeItsTime()
    {
        var limiter = new LogLimiter();
        limiter.TryPass(0);
        limiter.TryPass(1);

        Assert.Equal(1, limiter.TakeHeld(long.MaxValue));
        Assert.Equal(0, limiter.TakeHeld(long.MaxValue));
    }
}
