namespace SensorGateway.ConcurrencyTests.Ring;

public sealed class SpaceSoakTests
{
    [Fact]
    public void BlockedWriter_IsAlwaysWokenWhenThereIsRoom()
    {
        using var soak = new SpaceSoak(looksAgain: true);

        Assert.Null(soak.Run(SoakTime.Sound, TimeSpan.FromSeconds(5)));
        Assert.True(soak.Sleeps > 0, "the writer never had to sleep");
    }

    [Fact]
    public void BrokenTwin_ThatSleepsWithoutLookingAgain_IsCaught()
    {
        using var soak = new SpaceSoak(looksAgain: false);

        Assert.NotNull(soak.Run(SoakTime.Broken, TimeSpan.FromSeconds(1)));
    }
}
