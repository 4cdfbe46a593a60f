using SensorGateway.Pipeline.Ring;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Ring;

public sealed class RingAllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ClaimCommitPublishReadRelease_InSteadyState_AllocatesNothing(int producers)
    {
        var ring = EventRing.Create(64 * 1024, producers);
        var payload = new byte[4_096];
        var read = 0;

        var allocated = Allocations.Of(20_000, i =>
        {
            var writer = ring.Writers[i % producers];
            if (writer.HasRoomFor(4_096) && writer.TryClaim(i % 4_096, out var lease))
            {
                payload.AsSpan(0, lease.Payload.Length).CopyTo(lease.Payload);
                writer.Commit(lease);
                writer.Publish();
            }

            if (ring.Reader.TryRead(out var record))
            {
                read += record.Payload.Length;
                ring.Reader.Release();
            }
        });

        Assert.Equal(0, allocated);
        Assert.True(read > 0);
    }
}
