using System.Runtime.Versioning;
using SensorGateway.Pipeline.Sources;

namespace SensorGateway.IntegrationTests.Sources;

[SupportedOSPlatform("linux")]
public sealed class AllocationTests
{
    [Theory]
    [InlineData(Framing.LengthPrefixed)]
    [InlineData(Framing.Newline)]
    [InlineData(Framing.OctetCounted)]
    public void Stream_SteadyState_AllocatesNothingOnTheIngestThread(Framing framing)
    {
        var burst = Frames.Encode(framing, Enumerable.Repeat(Line(233), 5000)); // Reads end inside frames.
        AssertNothingAllocated(SourceBench.Tcp(framing), 5000, socket => socket.Send(burst));
    }

    [Fact]
    public void Udp_SteadyState_AllocatesNothingOnTheIngestThread()
    {
        var datagram = Line(233);
        AssertNothingAllocated(SourceBench.Udp(), 100, socket =>
        {
            for (var i = 0; i < 100; i++)
            {
                socket.Send(datagram);
            }
        });
    }

    private static void AssertNothingAllocated(
        SourceOptions options, int payloadsPerBurst, Action<System.Net.Sockets.Socket> sendBurst)
    {
        const int WarmBursts = 40;
        const int Bursts = 200;
        var allocated = 0L; // By the ingest thread since its start, as of its last turn of the consumer.
        using var bench = new SourceBench(options, inline: true, prepare: collector =>
        {
            collector.Keeps = false;
            collector.OnTurn = () => Volatile.Write(ref allocated, GC.GetAllocatedBytesForCurrentThread());
        });
        using var socket = bench.Connect();
        Burst(0, WarmBursts);
        var warm = Volatile.Read(ref allocated);

        Burst(WarmBursts, Bursts);

        Assert.True(warm > 0);
        Assert.Equal(warm, Volatile.Read(ref allocated));

        void Burst(int done, int bursts)
        {
            for (var i = 1; i <= bursts; i++)
            {
                sendBurst(socket);
                bench.UntilTaken((done + i) * (long)payloadsPerBurst);
            }
        }
    }

    private static byte[] Line(int bytes) => [.. Enumerable.Range(0, bytes).Select(i => (byte)('a' + i % 26))];
}
