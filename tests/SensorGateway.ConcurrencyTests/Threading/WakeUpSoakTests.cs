using SensorGateway.ConcurrencyTests.Threading.Twins;

namespace SensorGateway.ConcurrencyTests.Threading;

public sealed class WakeUpSoakTests
{
    // Only a lost wake-up lasts that long: the sound ones need microseconds, on a busy machine milliseconds.
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Runner_UnderProducersThatMeetItFallingAsleep_LosesNoWakeUp(bool batons)
    {
        RealRole? role = null;
        var soak = new WakeUpSoak((work, onFault) => role = new RealRole(work, batons, onFault));

        Assert.Null(soak.Run(SoakTime.Sound, Lost));
        Assert.True(soak.Rounds > 20, $"only {soak.Rounds} rounds");
        Assert.True(role!.Rings > 0, "the thread was never asleep when work came");
        Assert.Equal(batons, role.InlineTurns > 0);
    }

    [Fact]
    public void Twin_WithoutAFlaw_Holds() =>
        Assert.Null(new WakeUpSoak((work, _) => new TwinRole(work, Flaw.None)).Run(SoakTime.Sound, Lost));

    [Theory]
    [InlineData("NoLookAfterGivingBack")]
    [InlineData("LooksBeforeAnnouncingItsSleep")]
    [InlineData("NoRingWhenATurnGivesUp")]
    [InlineData("StaysRung")]
    public void BrokenTwin_UnderTheSameLoad_IsCaught(string flaw) =>
        Assert.NotNull(new WakeUpSoak((work, _) => new TwinRole(work, Enum.Parse<Flaw>(flaw)))
            .Run(SoakTime.Broken, TimeSpan.FromSeconds(1)));
}
