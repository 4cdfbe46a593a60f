using System.Buffers.Binary;
using System.Runtime.Versioning;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.IntegrationTests.Sources;

[SupportedOSPlatform("linux")]
public sealed class OverloadTests
{
    private const int SmallRingBytes = 16 * 1024;

    [Fact]
    public async Task Block_SlowConsumer_LosesNothingAndKeepsTheOrder()
    {
        const int Payloads = 60_000;
        using var bench = new SourceBench(
            Small(SourceBench.Tcp()), SmallRingBytes, prepare: collector => collector.RecordsPerTurn = 7);
        using var socket = bench.Connect();
        using var neighbour = bench.Connect();
        var sender = Task.Run(() => socket.Send(Numbered(0, Payloads)));
        neighbour.Send(Numbered(Payloads, 100));

        bench.UntilTaken(Payloads + 100);
        await sender;

        var numbers = bench.Collector.Taken.Select(taken => BinaryPrimitives.ReadInt32BigEndian(taken.Payload)).ToArray();
        Assert.Equal(Enumerable.Range(0, Payloads), numbers.Where(number => number < Payloads));
        Assert.Equal(Enumerable.Range(Payloads, 100), numbers.Where(number => number >= Payloads));
        Assert.Equal(0, bench.Counters.Dropped(DropReason.RingFull));
    }

    [Fact]
    public void Drop_StalledConsumer_CountsExactlyWhatDidNotFit()
    {
        const int Payloads = 5000;
        using var bench = new SourceBench(
            Small(SourceBench.Tcp()) with { Overload = Overload.Drop },
            SmallRingBytes,
            prepare: collector => collector.IsStalled = true);
        using var socket = bench.Connect();

        socket.Send(Numbered(0, Payloads));

        bench.Until(() => bench.Counters.Received == Payloads, "all payloads are accounted for");
        var dropped = bench.Counters.Dropped(DropReason.RingFull);
        var accepted = (int)(Payloads - dropped);
        Assert.InRange(accepted, 1, SmallRingBytes / 32);
        bench.Resume();
        bench.UntilTaken(accepted);
        bench.Stop();
        Assert.Equal(
            Enumerable.Range(0, accepted),
            bench.Collector.Taken.Select(taken => BinaryPrimitives.ReadInt32BigEndian(taken.Payload)));
        Assert.Contains(bench.Log, line => line.Contains("the ring was full", StringComparison.Ordinal));
    }

    [Fact]
    public void Drop_ChunkLargerThanTheRing_IsShownToDetectionBeforeAnythingIsDropped()
    {
        const int Payloads = 1000; // One read, several times the ring.
        using var bench = new SourceBench(
            Small(SourceBench.Tcp()) with { Overload = Overload.Drop }, SmallRingBytes, inline: true);
        using var socket = bench.Connect();

        socket.Send(Numbered(0, Payloads));

        bench.UntilTaken(Payloads);
        Assert.Equal(0, bench.Counters.Dropped(DropReason.RingFull));
    }

    [Fact]
    public void Udp_ReaderHeldUp_CountsWhatTheKernelThrewAway()
    {
        const int Datagrams = 60_000;
        using var bench = new SourceBench(
            Small(SourceBench.Udp()) with { Overload = Overload.Block },
            SmallRingBytes,
            prepare: collector => collector.IsStalled = true);
        using var socket = bench.Connect();
        var payload = new byte[400];
        for (var i = 0; i < Datagrams; i++)
        {
            socket.Send(payload);
        }

        bench.Resume();

        bench.Until(() => bench.Counters.Received == Datagrams, "every datagram is accounted for");
        var lost = bench.Counters.Dropped(DropReason.SocketBuffer);
        Assert.InRange(lost, 1, Datagrams - 1);
        bench.UntilTaken(Datagrams - lost);
        Assert.Contains(bench.Log, line => line.Contains("kernel's socket buffer", StringComparison.Ordinal));
    }

    [Fact]
    public void Stop_WhileBlocked_ReturnsAndCountsWhatItCouldNotPassOn()
    {
        using var bench = new SourceBench(
            Small(SourceBench.Tcp()), SmallRingBytes, prepare: collector => collector.IsStalled = true);
        using var socket = bench.Connect();
        socket.Send(Numbered(0, 2000));
        bench.Until(() => bench.Port.Blocked > TimeSpan.Zero, "the reader is blocked");

        bench.Stop(); // Checks the books.

        Assert.Equal(2000, bench.Counters.Received);
        Assert.InRange(bench.Counters.Dropped(DropReason.RingFull), 1, 1999);
    }

    [Fact]
    public void FrameTimeout_WhileTheGatewayItselfDoesNotRead_DoesNotRun()
    {
        using var bench = new SourceBench(
            Small(SourceBench.Tcp()) with { FrameTimeout = TimeSpan.FromMilliseconds(400) },
            SmallRingBytes,
            prepare: collector => collector.IsStalled = true);
        using var slow = bench.Connect();
        using var flood = bench.Connect();
        var frame = Numbered(7777, 1);
        slow.Send(frame.AsSpan(0, 5));
        Thread.Sleep(20);
        flood.Send(Numbered(0, 2000));
        bench.Until(() => bench.Port.Blocked > TimeSpan.FromMilliseconds(900), "blocked for longer than the timeout");

        slow.Send(frame.AsSpan(5));
        bench.Resume();

        bench.UntilTaken(2001);
        Assert.Equal(0, bench.Counters.ConnectionsTimedOut);
    }

    private static SourceOptions Small(SourceOptions options) => options with { MaxPayloadBytes = 1024 };

    private static byte[] Numbered(int first, int count) => Frames.Encode(
        Framing.LengthPrefixed, Enumerable.Range(first, count).Select(number => Frames.Length((uint)number)));
}
