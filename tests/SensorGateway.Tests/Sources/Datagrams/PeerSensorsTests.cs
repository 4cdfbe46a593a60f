using System.Diagnostics;
using System.Net;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Sources.Datagrams;
using SensorGateway.Pipeline.Sources.Linux;

namespace SensorGateway.Tests.Sources.Datagrams;

public sealed class PeerSensorsTests
{
    private static readonly long Minute = 60 * Stopwatch.Frequency;

    private readonly SensorTable _table = new();

    [Theory]
    [InlineData("10.0.0.7", "10.0.0.7")]
    [InlineData("::ffff:10.0.0.7", "10.0.0.7")]
    [InlineData("fe80::1:2", "fe80::1:2")]
    public void PeerAddress_FromSocketAddress_ReadsAsPeopleWriteIt(string address, string text) =>
        Assert.Equal(text, Peer(address).ToString());

    [Fact]
    public void PeerAddress_SameHostOverBothProtocols_IsEqual() =>
        Assert.Equal(Peer("10.0.0.7"), Peer("::ffff:10.0.0.7"));

    [Fact]
    public void Find_KnownPeers_AllocatesNothing()
    {
        var peers = new PeerSensors(Names(null));
        var first = Peer("10.0.0.1");
        var second = Peer("10.0.0.2");
        Assert.NotEqual(peers.Find(first, 0), peers.Find(second, 0));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            peers.Find(first, i);
            peers.Find(second, i);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(2, peers.Count);
    }

    [Fact]
    public void Find_MorePeersThanAllowed_GivesNothingToTheLast()
    {
        var peers = new PeerSensors(Names(null), peersMax: 2);

        Assert.NotNull(peers.Find(Peer("10.0.0.1"), 0));
        Assert.NotNull(peers.Find(Peer("10.0.0.2"), 0));
        Assert.Null(peers.Find(Peer("10.0.0.3"), 0));
        Assert.Equal("10.0.0.2", peers.Find(Peer("10.0.0.2"), 0)!.Id);
    }

    [Fact]
    public void Find_TemplateWithoutPeer_IsOneSensorForAll()
    {
        var peers = new PeerSensors(Names("hall-{source}"));

        Assert.Same(peers.Find(Peer("10.0.0.1"), 0), peers.Find(Peer("10.0.0.2"), 0));
        Assert.Equal("hall-beacons", peers.Find(Peer("10.0.0.3"), 0)!.Id);
        Assert.Equal(1, peers.Count);
    }

    [Fact]
    public void ReturnIdle_AfterFiveSilentMinutes_ForgetsOnlyTheSilent()
    {
        var peers = new PeerSensors(Names(null));
        peers.Find(Peer("10.0.0.1"), 0);
        peers.Find(Peer("10.0.0.2"), 0);
        Assert.Equal(Minute, peers.SweepAt);
        peers.Find(Peer("10.0.0.2"), 4 * Minute);

        peers.ReturnIdle(5 * Minute);
        Assert.Equal(1, peers.Count);
        peers.ReturnIdle(9 * Minute);

        Assert.Equal(0, peers.Count);
        Assert.Equal(long.MaxValue, peers.SweepAt);
    }

    private static PeerAddress Peer(string address)
    {
        var parsed = new IPEndPoint(IPAddress.Parse(address), 4711).Serialize();
        var bytes = new byte[PeerAddress.SocketAddressBytes];
        parsed.Buffer.Span[..parsed.Size].CopyTo(bytes);
        return PeerAddress.From(bytes);
    }

    private SensorNames Names(string? template) => new(
        new SourceOptions { Id = "beacons", Type = SourceType.Udp, Sensor = template }, _table);
}
