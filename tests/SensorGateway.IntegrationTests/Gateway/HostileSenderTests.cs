using System.Net.Sockets;
using System.Runtime.Versioning;
using SensorGateway.IntegrationTests.Sources;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

[SupportedOSPlatform("linux")]
public sealed class HostileSenderTests(ITestOutputHelper output)
{
    [Fact]
    public void BadFrames_OfEveryKind_AreCountedAndDisturbNobodyElse()
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        var options = TestOptions.For(server.Endpoint) with
        {
            Sources = [TestOptions.Tcp() with { FrameTimeout = TimeSpan.FromMilliseconds(300) }],
        };
        using var gateway = new GatewayHarness(options);
        using var healthy = gateway.Sender();
        using var silent = gateway.Connect(from: "127.0.0.9");
        using var cut = gateway.Connect(from: "127.0.0.9");
        using var huge = gateway.Connect(from: "127.0.0.9");
        using var tooLarge = gateway.Connect(from: "127.0.0.9");
        using var empty = gateway.Connect(from: "127.0.0.9");
        healthy.Send(10);

        silent.Send([.. Frames.Length(100), 1, 2, 3]);
        cut.Send([.. Frames.Length(100), 1, 2, 3]);
        cut.Shutdown(SocketShutdown.Both);
        huge.Send([.. Frames.Length(0xFFFFFFFF), 1, 2, 3]);
        tooLarge.Send([.. Frames.Length(65_537), 1, 2, 3]);
        empty.Send(Frames.Length(0));
        healthy.Send(10);

        gateway.Until(static now => now.Sources[0].ConnectionsOpen == 1, "all bad connections closed");
        healthy.Send(10);
        var now = gateway.UntilSettled(35);
        var rejected = now.Sources[0].Rejected;
        Assert.Equal(1, rejected[RejectReason.FrameTimeout]);
        Assert.Equal(1, rejected[RejectReason.CutFrame]);
        Assert.Equal(2, rejected[RejectReason.TooLarge]);
        Assert.Equal(1, rejected[RejectReason.EmptyFrame]);
        Assert.Equal(1, now.Sources[0].ConnectionsTimedOut);
        Assert.Equal(30, now.Alerted);
        Assert.True(alerts.WaitFor(30), alerts.Figures(healthy.Evil));
        Assert.Equal(0, alerts.Reordered);
    }

    [Fact]
    public void MutatedFrames_AHundredThousandOverSeveralConnections_LeaveAHealthySenderUndisturbed()
    {
        const int MutatedFrames = 100_000;
        const int Attackers = 4;
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint));
        using var healthy = gateway.Sender();
        var closedByGateway = 0;
        var attackers = Enumerable.Range(0, Attackers)
            .Select(index => new Thread(
                () => Interlocked.Add(ref closedByGateway, Attack(gateway, index, MutatedFrames / Attackers))))
            .ToArray();
        Array.ForEach(attackers, static thread => thread.Start());
        while (attackers.Any(static thread => thread.IsAlive))
        {
            healthy.Send(5);
            Thread.Sleep(1);
        }

        healthy.Send(5);

        var now = gateway.Until(
            static now => now.Sources[0].ConnectionsOpen == 1
                && now is { PayloadsAddUp: true, AlertsAddUp: true, AlertsUnconfirmed: 0 },
            "all mutated connections closed and everything settled");
        Assert.True(alerts.WaitFor(healthy.Evil), alerts.Figures(healthy.Evil));
        output.WriteLine($"{alerts.Figures(healthy.Evil)}; sends that failed on {closedByGateway} connections, "
            + $"{now.Received} payloads received, {now.Rejected} rejected");
        Assert.Equal(0, alerts.Reordered);
        Assert.Equal(healthy.Evil, alerts.OnceOf(0));
        Assert.True(now.Rejected > 100, $"only {now.Rejected} mutations were bad: the attack was none");
        Assert.True(gateway.Log.Lines.Count < 50, "senders must not choose the number of log lines");
        Assert.False(gateway.Gateway.Fault.IsCompleted);
    }

    [Fact]
    public void Connections_AsManyAsAllowedAndOneMore_OnlyTheLastIsRefused()
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint));
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 1024; i++)
            {
                sockets.Add(gateway.Connect());
            }

            gateway.Until(static now => now.Sources[0].ConnectionsOpen == 1024, "1,024 connections open");
            using (var oneMore = gateway.Connect())
            {
                oneMore.ReceiveTimeout = 30_000;
                Assert.Equal(0, ReceivedBytes(oneMore));
            }

            var now = gateway.Until(static now => now.Sources[0].ConnectionsRefused == 1, "the refusal counted");
            Assert.Equal(1024, now.Sources[0].ConnectionsOpen);
            using var first = new SensorSender(sockets[0]);
            using var last = new SensorSender(sockets[^1], sensor: 1);
            first.Send(100);
            last.Send(100);
            Assert.True(alerts.WaitFor(200), alerts.Figures(200));
            gateway.UntilSettled(200);
            Assert.Contains(gateway.Log.Lines, static line => line.Contains("max_connections", StringComparison.Ordinal));
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }

        gateway.Until(static now => now.Sources[0].ConnectionsOpen == 0, "all connections closed");
    }

    /// <summary>Sends good frames with random damage, fifty a connection.</summary>
    /// <returns>How often the gateway closed while it was still sending.</returns>
    private static int Attack(GatewayHarness gateway, int index, int frames)
    {
        const int FramesPerConnection = 50;
        var random = new Random(7_000 + index);
        var good = Frames.Encode(Framing.LengthPrefixed, Frames.Text("a payload of some forty bytes, quite harmless"));
        var closedByGateway = 0;
        for (var sent = 0; sent < frames; sent += FramesPerConnection)
        {
            using var socket = gateway.Connect(from: $"127.0.1.{index + 1}");
            try
            {
                for (var i = 0; i < FramesPerConnection / 5; i++)
                {
                    socket.Send(Mutate(random, [.. good, .. good, .. good, .. good, .. good]));
                }

                socket.Shutdown(SocketShutdown.Send);
                _ = socket.Receive(new byte[1]); // All of it is read before the next connection.
            }
            catch (SocketException)
            {
                closedByGateway++; // For its bad frames, as it should be.
            }
        }

        return closedByGateway;
    }

    private static ReadOnlySpan<byte> Mutate(Random random, byte[] bytes)
    {
        if (random.Next(4) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return random.Next(100) == 0 ? bytes.AsSpan(0, random.Next(bytes.Length)) : bytes;
    }

    private static int ReceivedBytes(Socket socket)
    {
        try
        {
            return socket.Receive(new byte[1]);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
    }
}
