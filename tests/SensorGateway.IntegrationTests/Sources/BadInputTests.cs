using System.Net.Sockets;
using System.Runtime.Versioning;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.IntegrationTests.Sources;

[SupportedOSPlatform("linux")]
public sealed class BadInputTests
{
    private static readonly byte[] Good = Frames.Encode(Framing.LengthPrefixed, Frames.Text("good"));

    [Theory]
    [InlineData(0u, RejectReason.EmptyFrame, "a frame of length 0")]
    [InlineData(65_537u, RejectReason.TooLarge, "longer than max_payload (65536 bytes)")]
    [InlineData(0xFFFFFFFFu, RejectReason.TooLarge, "longer than max_payload (65536 bytes)")]
    public void LengthPrefixed_RefusedLength_IsCountedLoggedAndClosesOnlyThatConnection(
        uint length, RejectReason reason, string logged)
    {
        using var bench = new SourceBench(SourceBench.Tcp());
        using var neighbour = bench.Connect();
        using var socket = bench.Connect();
        neighbour.Send(Good);

        socket.Send([.. Good, .. Frames.Length(length), 1, 2, 3]);

        Assert.True(IsClosedByPeer(socket));
        neighbour.Send(Good);
        bench.UntilTaken(3);
        Assert.Equal(1, bench.Counters.Rejected(reason));
        Assert.Equal(1, bench.Counters.ConnectionsOpen);
        Assert.Contains(bench.Log, line => line.Contains(logged, StringComparison.Ordinal)
            && line.Contains("connection closed", StringComparison.Ordinal)
            && line.Contains("sources.field-tcp", StringComparison.Ordinal));
        bench.Stop();
        Assert.Equal(0, bench.Counters.Rejected(RejectReason.CutFrame));
    }

    [Fact]
    public void LengthPrefixed_ExactlyTheLimit_IsTaken()
    {
        using var bench = new SourceBench(SourceBench.Tcp());
        using var socket = bench.Connect();
        var largest = new byte[65_536];
        Random.Shared.NextBytes(largest);

        socket.Send(Frames.Encode(Framing.LengthPrefixed, largest, largest));

        bench.UntilTaken(2);
        Assert.All(bench.Collector.Taken, taken => Assert.Equal(largest, taken.Payload));
    }

    [Fact]
    public void Newline_OverlongLine_IsRejectedOnceAndTheConnectionGoesOn()
    {
        using var bench = new SourceBench(SourceBench.Tcp(Framing.Newline) with { MaxPayloadBytes = 1000 });
        using var socket = bench.Connect();

        socket.Send([.. new byte[200_000], (byte)'\n', .. "after\n"u8]);

        bench.UntilTaken(1);
        Assert.Equal("after"u8.ToArray(), bench.Collector.Taken[0].Payload);
        Assert.Equal(1, bench.Counters.Rejected(RejectReason.TooLarge));
        Assert.Equal(1, bench.Counters.ConnectionsOpen);
        Assert.Contains(bench.Log, line => line.Contains("skipped", StringComparison.Ordinal));
    }

    [Fact]
    public void OctetCounted_BadDigits_CloseTheConnection()
    {
        using var bench = new SourceBench(SourceBench.Tcp(Framing.OctetCounted));
        using var socket = bench.Connect();

        socket.Send("4 good<34>1 - - -"u8);

        Assert.True(IsClosedByPeer(socket));
        bench.UntilTaken(1);
        Assert.Equal(1, bench.Counters.Rejected(RejectReason.BadFrame));
    }

    [Fact]
    public void HalfAFrame_ThenSilence_IsClosedByTheFrameTimeout()
    {
        var options = SourceBench.Tcp() with { FrameTimeout = TimeSpan.FromMilliseconds(150) };
        using var bench = new SourceBench(options);
        using var idle = bench.Connect();
        using var socket = bench.Connect();
        idle.Send(Good);

        socket.Send(Good.AsSpan(0, 6));

        Assert.True(IsClosedByPeer(socket));
        Assert.Equal(1, bench.Counters.Rejected(RejectReason.FrameTimeout));
        Assert.Equal(1, bench.Counters.ConnectionsTimedOut);
        bench.Until(() => bench.Counters.ConnectionsOpen == 1, "only the half frame's connection is closed");
        Assert.Contains(bench.Log, line => line.Contains("not complete within 0.15s", StringComparison.Ordinal));
    }

    [Fact]
    public void OneByteNowAndThen_DoesNotOutliveTheFrameTimeout()
    {
        var options = SourceBench.Tcp() with { FrameTimeout = TimeSpan.FromMilliseconds(200) };
        using var bench = new SourceBench(options);
        using var socket = bench.Connect();
        socket.Send(Frames.Length(60_000));

        bench.Until(
            () =>
            {
                Drip(socket);
                return bench.Counters.ConnectionsTimedOut == 1;
            },
            "the dripping connection is closed");

        Assert.Equal(1, bench.Counters.Rejected(RejectReason.FrameTimeout));
    }

    [Fact]
    public void Silence_IsClosedByTheIdleTimeout_AndRejectsNothing()
    {
        var options = SourceBench.Tcp() with { IdleTimeout = TimeSpan.FromMilliseconds(150) };
        using var bench = new SourceBench(options);
        using var socket = bench.Connect();
        socket.Send(Good);

        Assert.True(IsClosedByPeer(socket));
        bench.Stop();
        Assert.Equal(1, bench.Counters.ConnectionsTimedOut);
        Assert.Equal(1, bench.Counters.Received);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ConnectionEndsInsideAFrame_CountsACutFrame(bool byReset)
    {
        using var bench = new SourceBench(SourceBench.Tcp());
        var socket = bench.Connect();
        socket.Send([.. Good, .. Good.AsSpan(0, 7)]);
        bench.UntilTaken(1);
        if (byReset)
        {
            socket.LingerState = new LingerOption(true, 0);
        }

        socket.Dispose();

        bench.Until(() => bench.Counters.ConnectionsOpen == 0, "the connection is closed");
        Assert.Equal(1, bench.Counters.Rejected(RejectReason.CutFrame));
        Assert.Equal(2, bench.Counters.Received);
    }

    [Fact]
    public void Garbage_OnOneConnection_DoesNotDisturbAnother()
    {
        using var bench = new SourceBench(SourceBench.Tcp());
        using var steady = bench.Connect();
        var random = new Random(20261120);
        for (var i = 0; i < 200; i++)
        {
            using var bad = bench.Connect();
            var noise = new byte[random.Next(1, 300)];
            random.NextBytes(noise);
            noise[0] = 0xFF; // Too large, so no noise can pass as a payload.
            TrySend(bad, noise);
            steady.Send(Good);
        }

        bench.UntilTaken(200);
        Assert.All(bench.Collector.Taken, taken => Assert.Equal("good"u8.ToArray(), taken.Payload));
        bench.Until(() => bench.Counters.ConnectionsOpen == 1, "the bad ones are closed");
        bench.Stop();
        Assert.Equal(200, Enum.GetValues<RejectReason>().Sum(bench.Counters.Rejected));
        Assert.True(bench.Log.Count < 20, "two hundred bad senders must not write two hundred lines");
        Assert.Contains(bench.Log, line => line.Contains(" more of \"payloads rejected: ", StringComparison.Ordinal));
    }

    /// <summary>True when the other side has closed; the peer may have reset because it did not read all.</summary>
    private static bool IsClosedByPeer(Socket socket)
    {
        socket.ReceiveTimeout = 10_000;
        try
        {
            return socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    private static void Drip(Socket socket)
    {
        Thread.Sleep(10);
        TrySend(socket, [0x41]);
    }

    private static void TrySend(Socket socket, byte[] bytes)
    {
        try
        {
            socket.Send(bytes);
        }
        catch (SocketException)
        {
            // Closed already, as it should be.
        }
    }
}
