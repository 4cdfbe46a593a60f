using SensorGateway.ConcurrencyTests.Ring.Twins;
using SensorGateway.Pipeline.Ring;

namespace SensorGateway.ConcurrencyTests.Ring;

public sealed class RingSoakTests
{
    [Theory]
    [InlineData(1, 4 * 1024)]
    [InlineData(1, 64 * 1024)]
    [InlineData(1, 1024 * 1024)]
    [InlineData(3, 4 * 1024)]
    [InlineData(3, 64 * 1024)]
    [InlineData(3, 1024 * 1024)]
    public void Ring_UnderProducersAndAConsumerAtFullSpeed_KeepsEveryRecordWholeAndInOrder(int producers, int capacity)
    {
        var ring = EventRing.Create(capacity, producers);
        var soak = new RingSoak(ring.Writers, ring.Reader);

        Assert.Null(soak.Run(SoakTime.Sound));
        Assert.True(soak.Read > 100, $"only {soak.Read} records came through");
        Assert.Equal(0, ring.Reader.Depth);
    }

    public static TheoryData<string> BrokenTwins => [.. RingTwins.ByFlaw.Keys];

    [Theory]
    [MemberData(nameof(BrokenTwins))]
    public void BrokenTwin_UnderTheSameLoad_IsCaught(string flaw)
    {
        var (writers, reader) = RingTwins.ByFlaw[flaw]();

        Assert.NotNull(new RingSoak(writers, reader).Run(SoakTime.Broken));
    }
}
