using System.Net.Sockets;
using System.Runtime.Versioning;
using SensorGateway.Pipeline.Sources;

namespace SensorGateway.IntegrationTests.Sources;

[Collection(AloneInTheProcess.Name)]
[SupportedOSPlatform("linux")]
public sealed class ManyConnectionsTests
{
    private static readonly byte[] Good = Frames.Encode(Framing.LengthPrefixed, Frames.Text("good"));

    [Fact]
    public void MaxConnections_AndOneMore_RefusesOnlyTheLast()
    {
        using var bench = new SourceBench(SourceBench.Tcp());
        var sockets = Enumerable.Range(0, 1024).Select(_ => bench.Connect()).ToArray();
        try
        {
            bench.Until(() => bench.Counters.ConnectionsOpen == 1024, "1,024 connections are open");
            using (var tooMany = bench.Connect())
            {
                Assert.Equal(0, tooMany.Receive(new byte[1]));
            }

            Assert.Equal(1, bench.Counters.ConnectionsRefused);
            Assert.Contains(
                "Source field-tcp refused a connection: 1024 are open. Raise sources.field-tcp.max_connections, or close "
                + "idle senders.",
                bench.Log);
            foreach (var socket in sockets)
            {
                socket.Send(Good);
            }

            bench.UntilTaken(1024);

            // One leaves, and there is room for one again.
            sockets[500].Dispose();
            bench.Until(() => bench.Counters.ConnectionsOpen == 1023, "one connection is closed");
            sockets[500] = bench.Connect();
            sockets[500].Send(Good);
            bench.UntilTaken(1025);
        }
        finally
        {
            Array.ForEach(sockets, socket => socket.Dispose());
        }
    }

    [Fact]
    public void AThousandIdleConnections_HoldNoBuffers()
    {
        const int Connections = 1000;
        using var bench = new SourceBench(SourceBench.Tcp() with { MaxConnections = 1100 });
        using (var first = bench.Connect())
        {
            first.Send([.. Good, .. Good.AsSpan(0, 3)]);
            bench.UntilTaken(1);
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sockets = Enumerable.Range(0, Connections).Select(_ => bench.Connect()).ToArray();
        try
        {
            // In two pieces, so that each connection has held a part of a frame once.
            Array.ForEach(sockets, socket => socket.Send(Good.AsSpan(0, 3)));
            bench.Until(() => bench.Counters.ConnectionsOpen >= Connections, "all are open");
            Array.ForEach(sockets, socket => socket.Send(Good.AsSpan(3)));
            bench.UntilTaken(1 + Connections);

            // Both ends are in this process, so the sender's socket objects count as well.
            var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Connections;
            Assert.InRange(each, 0, 4096);
        }
        finally
        {
            Array.ForEach(sockets, socket => socket.Dispose());
        }
    }

    [Fact]
    public void AnnouncedLength_CostsNoMemoryBeforeTheBytesCome()
    {
        const int Connections = 500;
        using var bench = new SourceBench(SourceBench.Tcp() with { MaxPayloadBytes = 1 << 20 }, ringBytes: 1 << 22);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sockets = Enumerable.Range(0, Connections).Select(_ => bench.Connect()).ToArray();
        try
        {
            Array.ForEach(sockets, socket => socket.Send([.. Frames.Length(1 << 20), 1, 2, 3]));
            sockets[^1].Send(new byte[(1 << 20) - 3]); // Comes after the others' first bytes were read.
            bench.UntilTaken(1);

            var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Connections;
            Assert.InRange(each, 0, 16 * 1024);
        }
        finally
        {
            Array.ForEach(sockets, socket => socket.Dispose());
        }
    }
}
