using System.Runtime.CompilerServices;
using SensorGateway.Pipeline.Ring;

namespace SensorGateway.Tests.Ring;

public sealed class EventRingTests
{
    private const int Smallest = 4096;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void TryClaim_OnFullRing_ReturnsFalseUntilRoomIsGivenBack(int producers)
    {
        var ring = EventRing.Create(Smallest, producers);
        var payload = Records.Bytes(96, 1); // A record of 128 bytes: exactly 32 fill the ring.
        for (var i = 0; i < 32; i++)
        {
            Assert.True(ring.Writers[i % producers].TryWrite(payload));
        }

        Assert.False(ring.Writers[0].TryClaim(0, out _));
        Assert.Equal(Smallest, ring.Reader.UsedBytes);
        Assert.Equal(payload, ring.Reader.Read());
        Assert.False(ring.Writers[0].TryClaim(0, out _));
        ring.Reader.Release();
        Assert.True(ring.Writers[0].TryWrite(payload));
        Assert.False(ring.Writers[0].TryClaim(0, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TryRead_AfterWrap_LendsEveryRecordWhole(int producers)
    {
        var ring = EventRing.Create(Smallest, producers);
        for (var i = 0; i < 1_000; i++)
        {
            var payload = Records.Bytes(i * 7 % 1_900, i);
            Assert.True(ring.Writers[i % producers].TryWrite(payload));
            Assert.Equal(payload, ring.Reader.Take());
        }
    }

    [Theory]
    [InlineData(1, Smallest, 64)]
    [InlineData(2, Smallest, 64)]
    [InlineData(1, 1 << 20, 65_536)]
    [InlineData(2, 1 << 20, 65_536)]
    public void TryClaim_OfTheLargestPayload_FitsAnEmptyRingAtEveryPosition(int producers, int capacity, int step)
    {
        var filler = new byte[step - 32];
        for (var records = 1; records <= capacity / step; records++)
        {
            var ring = EventRing.Create(capacity, producers);
            var largest = Records.Bytes(ring.Writers[0].PayloadBytesMax, 3);
            for (var i = 0; i < records; i++)
            {
                Assert.True(ring.Writers[0].TryWrite(filler));
            }

            while (ring.Reader.Take() is not null)
            {
            }

            // Empty, and as far from its first byte as the records were long.
            Assert.True(ring.Writers[^1].TryWrite(largest), $"refused at {records * step} of {capacity} bytes");
            Assert.Equal(largest, ring.Reader.Take());
        }
    }

    [Theory]
    [InlineData(1, 2_017)]
    [InlineData(2, 2_017)]
    [InlineData(1, -1)]
    [InlineData(2, int.MaxValue)]
    public void TryClaim_OfAPayloadThatNeverFits_ThrowsAndLeavesTheRingAlone(int producers, int bytes)
    {
        var ring = EventRing.Create(Smallest, producers);

        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => ring.Writers[0].TryClaim(bytes, out _));

        Assert.Contains("A ring of 4096 bytes takes payloads of 0 to 2016 bytes", refusal.Message, StringComparison.Ordinal);
        Assert.True(ring.Writers[0].TryWrite(Records.Bytes(2_016, 1)));
        Assert.Equal(Records.Bytes(2_016, 1), ring.Reader.Take());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TryRead_OfAnEmptyPayload_LendsNoBytesButTheTag(int producers)
    {
        var ring = EventRing.Create(Smallest, producers);
        Assert.True(ring.Writers[0].TryWrite([], sensor: 42));

        Assert.True(ring.Reader.TryRead(out var record));
        Assert.Equal(0, record.Payload.Length);
        Assert.Equal(42, record.Tag.Sensor);
        Assert.False(ring.Reader.TryRead(out _));
    }

    [Fact]
    public void TryRead_BeforePublish_SeesNothingFromASingleProducer()
    {
        var ring = EventRing.Create(Smallest, 1);
        Assert.True(ring.Writers[0].TryClaim(8, out var lease));
        ring.Writers[0].Commit(lease);

        Assert.False(ring.Reader.HasRecords);
        Assert.False(ring.Reader.TryRead(out _));
        ring.Writers[0].Publish();
        Assert.True(ring.Reader.HasRecords);
        Assert.True(ring.Reader.TryRead(out _));
    }

    [Fact]
    public void TryRead_WhileAnEarlierClaimIsUnfilled_WaitsForIt()
    {
        var ring = EventRing.Create(Smallest, 2);
        Assert.True(ring.Writers[0].TryClaim(1, out var first));
        Assert.True(ring.Writers[1].TryWrite([2]));

        Assert.False(ring.Reader.HasRecords);
        Assert.Null(ring.Reader.Read());
        first.Payload[0] = 1;
        ring.Writers[0].Commit(first);
        Assert.Equal([1], ring.Reader.Read());
        Assert.Equal([2], ring.Reader.Read());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void PutBack_AfterARead_LendsTheSameRecordAgain(int producers)
    {
        var ring = EventRing.Create(Smallest, producers);
        for (var i = 0; i < 200; i++)
        {
            // Sizes that make the second record of a pair skip the end of the lap again and again.
            var payloads = new[] { Records.Bytes(i % 300, i), Records.Bytes(1_200 + i, i) };
            Assert.True(ring.Writers[0].TryWrite(payloads[0]) && ring.Writers[0].TryWrite(payloads[1]));
            Assert.Equal(payloads[0], ring.Reader.Read());
            Assert.Equal(payloads[1], ring.Reader.Read());
            ring.Reader.PutBack();
            ring.Reader.Release();

            Assert.Equal(1, ring.Reader.Depth);
            Assert.Equal(payloads[1], ring.Reader.Take());
            Assert.Equal(0, ring.Reader.Depth);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Depth_CountsPublishedRecordsUntilTheyAreReleased(int producers)
    {
        var ring = EventRing.Create(Smallest, producers);
        for (var i = 1; i <= 5; i++)
        {
            Assert.True(ring.Writers[0].TryWrite([1, 2, 3]));
            Assert.Equal(i, ring.Reader.Depth);
        }

        ring.Reader.Read();
        ring.Reader.Read();
        Assert.Equal(5, ring.Reader.Depth);
        ring.Reader.Release();
        Assert.Equal(3, ring.Reader.Depth);
        Assert.Equal(3 * 64, ring.Reader.UsedBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TryClaim_OnAnIdleRing_GoesBackToTheFirstBytes(int producers)
    {
        var ring = EventRing.Create(1 << 22, producers);
        Assert.True(ring.Writers[0].TryClaim(4_096 - 32, out var first));
        ref var origin = ref first.Payload[0];
        ring.Writers[0].Commit(first);
        ring.Writers[0].Publish();
        ring.Reader.Take();
        for (var bytes = 4_096; bytes < RingState.RewindBytes; bytes += 4_096)
        {
            Assert.True(ring.Writers[0].TryWrite(Records.Bytes(4_096 - 32, 1)));
            ring.Reader.Take();
        }

        Assert.True(ring.Writers[0].TryClaim(100, out var again));
        Assert.True(Unsafe.AreSame(ref origin, ref again.Payload[0]));
    }

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(20 * 1024 * 1024, 32 * 1024 * 1024)]
    public void Create_RoundsTheCapacityUp(long asked, int capacity) =>
        Assert.Equal(capacity, EventRing.Create(asked, 1).Reader.CapacityBytes);

    [Theory]
    [InlineData((1L << 30) + 1)]
    [InlineData(long.MaxValue)]
    public void Create_AboveOneGibibyte_Throws(long asked) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EventRing.Create(asked, 1));

    [Fact]
    public void Create_WithoutProducers_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EventRing.Create(Smallest, 0));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void HasRoomFor_WhenTrue_IsHonouredByTheNextClaim(int producers)
    {
        var random = new Random(11);
        var ring = EventRing.Create(Smallest, producers);
        var honoured = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bound = random.Next(2_017);
            if (ring.Writers[0].HasRoomFor(bound))
            {
                Assert.True(ring.Writers[0].TryWrite(new byte[random.Next(bound + 1)]));
                honoured++;
            }
            else
            {
                ring.Reader.Take();
            }
        }

        Assert.InRange(honoured, 1_000, 20_000);
    }
}
