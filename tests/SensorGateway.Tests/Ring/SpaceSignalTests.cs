using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Tests.Ring;

public sealed class SpaceSignalTests
{
    [Fact]
    public void Release_WithAWaitingWriter_RingsOnceHalfTheRingIsFree()
    {
        using var bell = new Doorbell();
        var ring = Full(bell);
        ring.Space.Want();
        for (var i = 0; i < 15; i++)
        {
            ring.Reader.Take();
            Assert.False(bell.Wait(0), $"rang after {i + 1} of 32 records");
        }

        ring.Reader.Take();
        Assert.True(ring.Writers[0].IsAtMostHalfFull);
        Assert.True(bell.Wait(0));
    }

    [Fact]
    public void Release_AfterTheBellHasRung_RingsNoMoreUntilWantedAgain()
    {
        using var bell = new Doorbell();
        var ring = Full(bell);
        ring.Space.Want();
        while (ring.Reader.Take() is not null)
        {
        }

        Assert.True(bell.Wait(0));
        ring.Reader.Release();
        Assert.False(bell.Wait(0));
        ring.Space.Want();
        ring.Reader.Release();
        Assert.True(bell.Wait(0));
    }

    [Fact]
    public void Release_WithoutAWish_RingsNobody()
    {
        using var bell = new Doorbell();
        var ring = Full(bell);
        while (ring.Reader.Take() is not null)
        {
        }

        Assert.False(bell.Wait(0));
    }

    private static EventRing Full(Doorbell bell)
    {
        var ring = EventRing.Create(4096, 1);
        ring.Space.Add(bell);
        while (ring.Writers[0].TryWrite(Records.Bytes(96, 1)))
        {
        }

        return ring;
    }
}
