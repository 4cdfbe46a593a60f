using System.Runtime.Versioning;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.ConcurrencyTests.Detection;

[SupportedOSPlatform("linux")]
public sealed class SummarySoakTests
{
    // Only a lost alarm lasts that long: the sound worker needs its window and a millisecond, on a busy machine some more.
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(2);

    [Fact]
    public void Worker_ThatOthersRunWhileItsThreadFallsAsleep_LosesNoAlarm()
    {
        using var soak = new SummarySoak(Window, static worker => worker);

        Assert.Null(soak.Run(SoakTime.Sound, Lost));
        Assert.True(soak.Summaries > 20, $"only {soak.Summaries} summaries");
        Assert.True(soak.InlineTurns > 20, $"others ran only {soak.InlineTurns} turns");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BrokenTwin_UnderTheSameLoad_IsCaught(bool neverNeedsItsThread)
    {
        using var soak = new SummarySoak(Window, worker => neverNeedsItsThread
            ? new NeverNeedsItsThread(worker)
            : (IDutyCycle)new SleepsWithoutAlarm(worker));

        Assert.NotNull(soak.Run(SoakTime.Broken, TimeSpan.FromSeconds(1)));
    }
}
