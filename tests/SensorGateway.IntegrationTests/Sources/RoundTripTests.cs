using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.IntegrationTests.Sources;

[SupportedOSPlatform("linux")]
public sealed class RoundTripTests
{
    private static readonly byte[][] Samples =
    [
        Frames.Text("first"),
        Frames.Text("{\"temperature\":21.5}"),
        [0x00, 0xFF, 0x80, 0xC0, 0x01],
        [.. Enumerable.Range(0, 9000).Select(i => (byte)(i % 9 + 'a'))],
        Frames.Text("z"),
    ];

    [Theory]
    [InlineData(Framing.LengthPrefixed)]
    [InlineData(Framing.Newline)]
    [InlineData(Framing.OctetCounted)]
    public void Tcp_WholeStream_ArrivesInOrderUnderThePeersIp(Framing framing)
    {
        using var bench = new SourceBench(SourceBench.Tcp(framing));
        using var socket = bench.Connect();

        socket.Send(Frames.Encode(framing, Samples));

        bench.UntilTaken(Samples.Length);
        Assert.Equal(Samples, bench.Collector.Taken.Select(taken => taken.Payload));
        Assert.All(bench.Collector.Taken, taken => Assert.Equal("127.0.0.1", bench.Sensors[taken.Sensor].Id));
        Assert.Equal(Samples.Sum(sample => sample.Length), bench.Counters.ReceivedBytes);
    }

    [Theory]
    [InlineData(Framing.LengthPrefixed)]
    [InlineData(Framing.Newline)]
    [InlineData(Framing.OctetCounted)]
    public void Tcp_StreamCutAtEveryByte_GivesTheSamePayloads(Framing framing)
    {
        using var bench = new SourceBench(SourceBench.Tcp(framing));
        byte[][] payloads = [Frames.Text("alpha"), Frames.Text("0123456789ab"), Frames.Text("c")];
        var stream = Frames.Encode(framing, payloads);
        var expected = new List<byte[]>();
        for (var cut = 1; cut < stream.Length; cut++)
        {
            using var socket = bench.Connect();
            var opened = cut;
            bench.Until(() => bench.Counters.ConnectionsAccepted == opened, "the connection is open");
            socket.Send(stream.AsSpan(0, cut));
            Thread.Sleep(2); // Most likely the first part is read alone; if not, the outcome must be the same.
            socket.Send(stream.AsSpan(cut));
            expected.AddRange(payloads);
            bench.UntilTaken(expected.Count);
        }

        Assert.Equal(expected, bench.Collector.Taken.Select(taken => taken.Payload));
    }

    [Fact]
    public void Tcp_OneByteAtATime_GivesThePayload()
    {
        using var bench = new SourceBench(SourceBench.Tcp());
        using var socket = bench.Connect();
        foreach (var single in Frames.Encode(Framing.LengthPrefixed, Samples[1], Samples[0]))
        {
            socket.Send(new[] { single });
        }

        bench.UntilTaken(2);
        Assert.Equal([Samples[1], Samples[0]], bench.Collector.Taken.Select(taken => taken.Payload));
    }

    [Fact]
    public void Tcp_ListeningOnAllAddresses_NamesAnIpv4PeerPlainly()
    {
        if (!Socket.OSSupportsIPv6)
        {
            Console.WriteLine("Tcp_ListeningOnAllAddresses_NamesAnIpv4PeerPlainly: skipped, this host has no IPv6.");
            return;
        }

        using var bench = new SourceBench(SourceBench.Tcp() with { Listen = new IPEndPoint(IPAddress.IPv6Any, 0) });
        using var socket = bench.Connect();
        socket.Send(Frames.Encode(Framing.LengthPrefixed, Samples[0]));

        bench.UntilTaken(1);
        Assert.Equal("127.0.0.1", bench.Sensors[bench.Collector.Taken[0].Sensor].Id);
    }

    [Fact]
    public void Newline_LastLineWithoutLf_CountsWhenTheConnectionCloses()
    {
        using var bench = new SourceBench(SourceBench.Tcp(Framing.Newline));
        using (var socket = bench.Connect())
        {
            socket.Send("one\r\n\r\n\ntwo"u8);
        }

        bench.UntilTaken(2);
        Assert.Equal(["one", "two"], bench.Collector.Taken.Select(taken => Encoding.ASCII.GetString(taken.Payload)));
        bench.Stop();
        Assert.Equal(2, bench.Counters.Received);
    }

    [Fact]
    public void Unix_WholeStream_ArrivesUnderTheSourcesId()
    {
        var folder = Directory.CreateTempSubdirectory("sg-src-");
        try
        {
            var path = Path.Combine(folder.FullName, "in.sock");
            var options = SourceBench.Tcp() with { Id = "local", Type = SourceType.Unix, Path = path, Listen = null };
            using (var bench = new SourceBench(options))
            {
                Assert.Equal($"unix:{path}", bench.Endpoint);
                Assert.Equal(
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite,
                    File.GetUnixFileMode(path));
                using var socket = bench.Connect();
                socket.Send(Frames.Encode(Framing.LengthPrefixed, Samples));

                bench.UntilTaken(Samples.Length);
                Assert.Equal(Samples, bench.Collector.Taken.Select(taken => taken.Payload));
                Assert.All(bench.Collector.Taken, taken => Assert.Equal("local", bench.Sensors[taken.Sensor].Id));
            }

            Assert.False(File.Exists(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Udp_Datagrams_ArriveOnePayloadEach()
    {
        using var bench = new SourceBench(SourceBench.Udp() with { Sensor = "beacon-{peer_ip}" });
        using var socket = bench.Connect();
        foreach (var sample in Samples)
        {
            socket.Send(sample);
        }

        bench.UntilTaken(Samples.Length);
        Assert.Equal(Samples, bench.Collector.Taken.Select(taken => taken.Payload));
        Assert.All(bench.Collector.Taken, taken => Assert.Equal("beacon-127.0.0.1", bench.Sensors[taken.Sensor].Id));
    }

    [Fact]
    public void Udp_EmptyAndTooLongDatagrams_AreRejectedAndCounted()
    {
        using var bench = new SourceBench(SourceBench.Udp() with { MaxPayloadBytes = 100 });
        using var socket = bench.Connect();
        socket.Send(ReadOnlySpan<byte>.Empty);
        socket.Send(new byte[101]);
        socket.Send(new byte[5000]);
        socket.Send(new byte[100]);

        bench.UntilTaken(1);
        bench.Stop();
        Assert.Equal(100, bench.Collector.Taken[0].Payload.Length);
        Assert.Equal(1, bench.Counters.Rejected(RejectReason.EmptyFrame));
        Assert.Equal(2, bench.Counters.Rejected(RejectReason.Truncated));
        Assert.Equal(4, bench.Counters.Received);
    }

    [Fact]
    public void Stop_WithBytesStillInTheKernel_PassesThemOn()
    {
        using var bench = new SourceBench(SourceBench.Tcp());
        using var socket = bench.Connect();
        var burst = Frames.Encode(Framing.LengthPrefixed, Enumerable.Repeat(Samples[1], 20_000));
        bench.Until(() => bench.Counters.ConnectionsOpen == 1, "the connection is open");
        socket.Send(burst);

        bench.Stop();

        Assert.Equal(20_000, bench.Collector.Count);
    }
}
