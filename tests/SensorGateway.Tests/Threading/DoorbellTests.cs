using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Tests.Threading;

public sealed class DoorbellTests
{
    [Fact]
    public void Wait_AfterARing_ReturnsAtOnceAndOnlyOnce()
    {
        using var bell = new Doorbell();
        bell.Ring();
        bell.Ring();

        Assert.True(bell.Wait(-1));
        Assert.False(bell.Wait(0));
    }

    [Fact]
    public void Wait_WithoutARing_ReturnsFalseWhenTimeIsUp()
    {
        using var bell = new Doorbell();

        Assert.False(bell.Wait(5));
    }

    [Fact]
    public void Ring_FromAnotherThread_WakesTheWaitingOne()
    {
        using var bell = new Doorbell();
        using var answer = new Doorbell();
        var waiter = new Thread(() =>
        {
            for (var i = 0; i < 500 && bell.Wait(30_000); i++)
            {
                answer.Ring();
            }
        });
        waiter.Start();

        for (var i = 0; i < 500; i++)
        {
            bell.Ring();
            Assert.True(answer.Wait(30_000), $"no answer to ring {i}");
        }

        waiter.Join();
    }

    [Fact]
    public void Wait_WithAWritableDescriptor_ReturnsWithoutARing()
    {
        using var bell = new Doorbell();
        using var other = new Doorbell(); // An eventfd always takes another ring.
        if (other.Descriptor >= 0)
        {
            Assert.False(bell.Wait(30_000, [-1, other.Descriptor]));
            Assert.False(other.Wait(0));
        }
    }

    [Fact]
    public void Silence_ForgetsPastRings()
    {
        using var bell = new Doorbell();
        bell.Ring();
        if (bell.Descriptor >= 0)
        {
            bell.Silence();
            Assert.False(bell.Wait(0));
        }
    }

    [Fact]
    public void Ring_AfterDispose_ReachesNobodysDescriptor()
    {
        var bell = new Doorbell();
        var number = bell.Descriptor;
        bell.Dispose();
        using var next = new Doorbell(); // Linux gives the lowest free number: most likely the one just closed.

        bell.Ring();
        bell.Dispose();

        Assert.False(next.Wait(0), $"the ring of descriptor {number} reached {next.Descriptor}");
        next.Ring();
        Assert.True(next.Wait(0));
    }
}
