using System.Runtime.Versioning;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

[SupportedOSPlatform("linux")]
public sealed class OverloadTests(ITestOutputHelper output)
{
    private const int SmallRingBytes = 256 * 1024;

    /// <summary>About a tenth of a millisecond a payload of this length, most of it in one backtracking regex.</summary>
    private const int SlowPayloadBytes = 48;

    private static readonly RuleSet SlowRules = TestRules.Set([.. TestRules.Default.Rules, TestRules.Slow()]);

    [Fact]
    public void Block_SenderMuchFasterThanDetection_LosesNothing()
    {
        const int Count = 10_000;
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(
            Options(server), SlowRules);
        gateway.UntilConnected();
        using var sensor = gateway.Sender(payloadBytes: SlowPayloadBytes);
        sensor.Send(Count);

        var now = gateway.UntilSettled(Count);
        Assert.True(alerts.WaitFor(Count), alerts.Figures(Count));
        output.WriteLine($"{alerts.Figures(Count)}; sender held up {now.Sources[0].Blocked.TotalMilliseconds:F0} ms, "
            + $"p50 of detection {now.Detect.Percentile(0.5) / 1000} us");
        Assert.True(now.Sources[0].Blocked > TimeSpan.Zero, "the sender never had to wait: this tests nothing");
        Assert.Equal((Count, 0L, 0L), (now.Alerted, now.Dropped, now.Rejected));
        Assert.Equal(0, now.RegexTimeouts);
        Assert.Equal((0, 0), (alerts.Reordered, alerts.Duplicates));
    }

    [Fact]
    public void Drop_DatagramsFasterThanDetection_EveryOneIsJudgedOrCounted()
    {
        const int Count = 40_000;
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(
            Options(server) with { Sources = [TestOptions.Udp()] }, SlowRules);
        gateway.UntilConnected();
        using var sensor = gateway.Sender(payloadBytes: SlowPayloadBytes);
        sensor.Send(Count);

        var now = gateway.UntilSettled(Count);
        Assert.Equal(Count, now.Received);
        var dropped = now.Sources[0].Dropped;
        Assert.True(now.Dropped > 0, "nothing was dropped: this tests nothing");
        Assert.Equal(Count - now.Dropped, now.Alerted);
        Assert.True(alerts.WaitFor(now.Alerted), alerts.Figures(Count));
        output.WriteLine($"{alerts.Figures(Count)}; ring full {dropped[DropReason.RingFull]}, "
            + $"kernel {dropped[DropReason.SocketBuffer]}");
        Assert.Equal(now.Alerted, alerts.Once);
        Assert.Equal(0, alerts.Reordered);
        Assert.Equal(TimeSpan.Zero, now.Sources[0].Blocked);
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("dropped", StringComparison.OrdinalIgnoreCase));
    }

    private static GatewayOptions Options(NatsServerProcess server) => TestOptions.For(server.Endpoint) with
    {
        RingBytes = SmallRingBytes,

        // The limit is one of wall time: on a shared machine a thread may lose the CPU for longer than the usual 10 ms.
        Detection = new DetectionOptions { MatchTimeout = TimeSpan.FromSeconds(10) },
    };
}
