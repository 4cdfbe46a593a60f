using SensorGateway.Pipeline.Threading;

namespace SensorGateway.Tests.Threading;

public sealed class BatonTests
{
    [Fact]
    public void TryTake_WhileHeld_ReturnsFalseUntilGivenBack()
    {
        var baton = default(Baton);

        Assert.True(baton.TryTake());
        Assert.False(baton.TryTake());
        baton.GiveBack();
        Assert.True(baton.TryTake());
    }
}
