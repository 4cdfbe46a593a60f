using SensorGateway.Pipeline.Threading;

namespace SensorGateway.ConcurrencyTests.Threading;

public sealed class BatonSoakTests
{
    [Fact]
    public void Baton_UnderThreadsThatFightForIt_IsHeldByOneAtATime()
    {
        var soak = new BatonSoak(new RealBaton());

        Assert.Null(soak.Run(SoakTime.Sound));
        Assert.True(soak.Turns > 100, $"only {soak.Turns} turns");
    }

    [Fact]
    public void BrokenTwin_WithoutCas_IsCaught() => Assert.NotNull(new BatonSoak(new LooksThenTakes()).Run(SoakTime.Broken));

    private sealed class RealBaton : IExclusion
    {
        private Baton _baton;

        public bool TryTake() => _baton.TryTake();

        public void GiveBack() => _baton.GiveBack();
    }

    private sealed class LooksThenTakes : IExclusion
    {
        private int _held;

        public bool TryTake()
        {
            if (Volatile.Read(ref _held) != 0)
            {
                return false;
            }

            Volatile.Write(ref _held, 1);
            return true;
        }

        public void GiveBack() => Volatile.Write(ref _held, 0);
    }
}
