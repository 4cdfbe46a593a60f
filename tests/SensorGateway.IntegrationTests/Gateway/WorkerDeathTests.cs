using System.Collections.Immutable;
using System.Runtime.Versioning;
using SensorGateway.IntegrationTests.Sources;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Gateway;

/// <summary>A dead thread must end the gateway with its name and reason; each test kills another one.</summary>
[SupportedOSPlatform("linux")]
public sealed class WorkerDeathTests
{
    private static readonly TimeSpan NoDrain = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task IngestThread_WhoseLogFails_IsReportedByName()
    {
        var log = new LineLog { Fails = static id => id.Name == "Rejected" };
        using var gateway = new GatewayHarness(Unreachable(), drain: NoDrain, log: log);
        using var socket = gateway.Connect();
        socket.Send(Frames.Length(0));

        var fault = await gateway.Gateway.Fault.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("ingest-tcp", fault.Role);
        Assert.IsType<IOException>(fault.Exception);
        Assert.Contains("Thread ingest-tcp has died; the gateway ends rather than run half-dead.", log.Lines);
    }

    [Fact]
    public async Task PublishThread_WhoseLogFails_IsReportedByName()
    {
        var log = new LineLog { Fails = static id => id.Id == 4001 /* alerts dropped: written on the publish thread */ };
        var options = Unreachable();
        options = options with
        {
            Threads = options.Threads with { Batons = false }, // Else the reader runs the role, and is the one to die.
            Publishing = new PublishingOptions { UnconfirmedBytesMax = 64 * 1024 },
        };
        using var gateway = new GatewayHarness(options, drain: NoDrain, log: log);
        using var sensor = gateway.Sender();
        sensor.Send(1000);

        var fault = await gateway.Gateway.Fault.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("publish", fault.Role);
        Assert.IsType<IOException>(fault.Exception);
    }

    [Theory]
    [InlineData(false, "detect-0")]
    [InlineData(true, "ingest-tcp")]
    public async Task DetectionThread_OrTheReaderInItsPlace_DiesOfAnUnsoundRuleSet(bool batons, string role)
    {
        // A hash list with fewer labels than digests cannot come from a file; it stands for any fault in detection.
        var payload = Frames.Text("known bad");
        var digest = System.Security.Cryptography.SHA256.HashData(payload);
        var rules = new RuleSet([], [new HashList("broken", digest, Labels: [])]);
        var options = Unreachable();
        options = options with { Threads = options.Threads with { Batons = batons } };
        using var gateway = new GatewayHarness(options, rules, NoDrain);
        using var socket = gateway.Connect();

        // On a busy machine the detection thread may still be awake from the start: the reader works in its place only
        // once it sleeps.
        var clean = 0;
        for (; batons && gateway.Gateway.Snapshot().Roles.All(static each => each.InlineTurns == 0); clean++)
        {
            Assert.True(clean < 3000, "the reader never worked in the detection thread's place");
            Send("known good"u8.ToArray());
            await Task.Delay(10);
        }

        Send(payload);
        var fault = await gateway.Gateway.Fault.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(role, fault.Role);
        Assert.IsType<IndexOutOfRangeException>(fault.Exception);
        var last = gateway.Stop(); // Ends at once, and with the dead thread's last counters.
        Assert.Equal(clean + 1, last.Received);

        void Send(byte[] one) => socket.Send(Frames.Encode(SensorGateway.Pipeline.Sources.Framing.LengthPrefixed, one));
    }

    /// <summary>Nobody listens at port 1: NATS plays no part here.</summary>
    private static GatewayOptions Unreachable() => TestOptions.For(new SensorGateway.Nats.NatsEndpoint("127.0.0.1", 1));
}
