using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Tests.Telemetry;

public sealed class SourceCountersTests
{
    [Fact]
    public void Received_AfterAnyMixture_IsAcceptedPlusRejectedPlusDropped()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var counters = new SourceCounters();
            var accepted = 0L;
            for (var i = 0; i < 500; i++)
            {
                switch (random.Next(3))
                {
                    case 0:
                        counters.CountAccepted(random.Next(1_000));
                        accepted++;
                        break;
                    case 1:
                        counters.CountRejected(Pick<RejectReason>(random));
                        break;
                    default:
                        counters.CountDropped(Pick<DropReason>(random), random.Next(1, 9));
                        break;
                }
            }

            var rejected = Enum.GetValues<RejectReason>().Sum(counters.Rejected);
            var dropped = Enum.GetValues<DropReason>().Sum(counters.Dropped);
            Assert.Equal(accepted + rejected + dropped, counters.Received);
        }
    }

    private static T Pick<T>(Random random)
        where T : struct, Enum => Enum.GetValues<T>()[random.Next(Enum.GetValues<T>().Length)];
}
