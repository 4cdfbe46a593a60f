using System.Net.Sockets;
using System.Runtime.Versioning;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

[SupportedOSPlatform("linux")]
public sealed class StopTests(ITestOutputHelper output)
{
    [Fact]
    public void Stop_UnderLoad_LosesNothingThatWasAccepted()
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint));
        gateway.UntilConnected();
        var senders = Enumerable.Range(0, 4).Select(sensor => gateway.Sender(sensor)).ToArray();
        var threads = senders.Select(static sender => new Thread(() => SendUntilClosed(sender))).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        gateway.Until(static now => now.Alerted > 20_000, "load");

        var last = gateway.Stop();

        Array.ForEach(threads, static thread => thread.Join());
        Assert.True(alerts.WaitFor(last.Alerted), alerts.Figures(last.Alerted));
        output.WriteLine($"{alerts.Figures(last.Alerted)}; sent {senders.Sum(static sender => sender.Evil)}");
        Assert.Equal(last.Alerted, last.AlertsConfirmed);
        Assert.Equal(last.Alerted, alerts.Messages);
        Assert.Equal(last.Received - last.Rejected, last.Alerted);
        Assert.Equal(0, alerts.Reordered);
        Assert.False(last.IsListening);
        Array.ForEach(senders, static sender => sender.Dispose());
    }

    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 5)]
    [InlineData(false, 1)]
    public void Stop_WhileDetectionIsSlow_WaitsForTheLastPayload(bool batons, int payloads)
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        var options = TestOptions.For(server.Endpoint);
        options = options with
        {
            Threads = options.Threads with { Batons = batons },
            Detection = options.Detection with { MatchTimeout = TimeSpan.FromMilliseconds(100) },
        };
        using var gateway = new GatewayHarness(
            options, TestRules.Set([.. TestRules.Default.Rules, TestRules.Slow()]));
        gateway.UntilConnected();
        using var sensor = gateway.Sender(payloadBytes: 2000); // Runs into the time limit.
        sensor.Send(payloads);
        gateway.Until(now => now.Received == payloads, "all payloads received");

        var last = gateway.Stop();

        Assert.Equal(payloads, last.RegexTimeouts);
        Assert.Equal((payloads, payloads), (last.Alerted, last.AlertsConfirmed));
        Assert.True(alerts.WaitFor(payloads), alerts.Figures(payloads));
        Assert.DoesNotContain(gateway.Log.Lines, static line => line.Contains("drain", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Stop_WithoutNats_CountsWhatItHadToLeaveAndSaysSo()
    {
        using var server = NatsServerProcess.Start();
        server.Kill();
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint), drain: TimeSpan.FromMilliseconds(100));
        using var sensor = gateway.Sender();
        sensor.Send(300, evilEvery: 3);
        gateway.UntilJudged(300);

        var last = gateway.Stop();

        Assert.Equal((200, 100), (last.PayloadsClean, last.Alerted));
        Assert.Equal(100, last.AlertsUnconfirmed + last.AlertsDroppedTotal);
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("100", StringComparison.Ordinal)
            && line.Contains("0.1", StringComparison.Ordinal));
    }

    private static void SendUntilClosed(SensorSender sender)
    {
        try
        {
            while (sender.Sent < 1_000_000)
            {
                sender.Send(64);
            }
        }
        catch (SocketException)
        {
            // The gateway has stopped, as it should.
        }
    }
}
