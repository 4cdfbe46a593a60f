using System.Runtime.Versioning;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.IntegrationTests.Sources;

[SupportedOSPlatform("linux")]
public sealed class SensorNamesTests
{
    private static readonly byte[] Good = Frames.Encode(Framing.LengthPrefixed, Frames.Text("good"));

    [Fact]
    public void Tcp_PeersOfTwoAddresses_AreTwoSensorsHoweverManyConnections()
    {
        using var bench = new SourceBench(SourceBench.Tcp() with { Sensor = "{source}/{peer_ip}" });
        using var first = bench.Connect();
        using var again = bench.Connect();
        using var second = bench.Connect("127.0.0.2");
        first.Send(Good);
        again.Send(Good);
        second.Send(Good);

        bench.UntilTaken(3);
        Assert.Equal(
            ["field-tcp/127.0.0.1", "field-tcp/127.0.0.1", "field-tcp/127.0.0.2"],
            bench.Collector.Taken.Select(taken => bench.Sensors[taken.Sensor].Id).Order(StringComparer.Ordinal));
        Assert.Equal(2, bench.Sensors.Count);
    }

    [Fact]
    public void Tcp_NoRoomForAnotherName_RefusesTheConnectionAndSaysSo()
    {
        using var bench = new SourceBench(SourceBench.Tcp(), sensorsMax: 1);
        using var known = bench.Connect();
        bench.Until(() => bench.Counters.ConnectionsOpen == 1, "the first is open");
        using var stranger = bench.Connect("127.0.0.2");

        Assert.Equal(0, stranger.Receive(new byte[1]));
        Assert.Equal(1, bench.Counters.ConnectionsRefused);
        Assert.Contains(
            "Source field-tcp refused a connection: no room for another sensor's name. Use a sensor template without "
            + "{peer_ip}.",
            bench.Log);
        known.Send(Good);
        bench.UntilTaken(1);
    }

    [Fact]
    public void Udp_NoRoomForAnotherName_RejectsItsDatagramsAndCountsThem()
    {
        using var bench = new SourceBench(SourceBench.Udp(), sensorsMax: 1);
        using var known = bench.Connect();
        using var stranger = bench.Connect("127.0.0.2");
        known.Send("a"u8);
        bench.UntilTaken(1);
        stranger.Send("b"u8);
        stranger.Send("c"u8);
        known.Send("d"u8);

        bench.UntilTaken(2);
        Assert.Equal(2, bench.Counters.Rejected(RejectReason.SensorsFull));
        Assert.Contains(bench.Log, line => line.Contains("sensor 127.0.0.2", StringComparison.Ordinal));
    }
}
