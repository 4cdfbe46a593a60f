using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using SensorGateway.IntegrationTests.Sources;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Gateway;

[SupportedOSPlatform("linux")]
public sealed class SuppressTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Repeats_OfARule_AreSummarisedWhenTheTimeIsOverWithoutAnotherPayload(bool batons)
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint, keeps: true);
        var options = TestOptions.For(server.Endpoint);
        options = options with { Threads = options.Threads with { Batons = batons } };
        using var gateway = new GatewayHarness(options, Rules(TimeSpan.FromSeconds(1)));
        gateway.UntilConnected();
        using var socket = gateway.Connect();
        var before = DateTimeOffset.UtcNow;
        Send(socket, "EVIL", 100); // In one piece, so that all fall into one window.

        Assert.True(alerts.WaitForMessages(2), "no summary came");
        var now = gateway.UntilSettled(100);

        var (alert, summary) = (alerts.Kept[0], JsonDocument.Parse(alerts.Kept[1].Json).RootElement);
        Assert.StartsWith("{\"kind\":\"alert\",", Encoding.UTF8.GetString(alert.Json), StringComparison.Ordinal);
        Assert.Equal("alerts.high.127_0_0_1", alerts.Kept[1].Subject);
        Assert.Equal("summary", summary.GetProperty("kind").GetString());
        Assert.Equal("test.evil", summary.GetProperty("rule").GetString());
        Assert.Equal("127.0.0.1", summary.GetProperty("sensor").GetString());
        Assert.Equal(99, summary.GetProperty("count").GetInt64());
        var (first, last) = (summary.GetProperty("first").GetDateTimeOffset(), summary.GetProperty("last").GetDateTimeOffset());
        Assert.InRange(first, before - TimeSpan.FromSeconds(5), last);
        Assert.InRange(last, first, first + TimeSpan.FromSeconds(1));
        Assert.Equal((100, 99, 1, 2), (now.Alerted, now.AlertsSuppressed, now.Summaries, now.AlertsConfirmed));

        Send(socket, "EVIL", 1); // The window is over: an alert at once.
        Assert.True(alerts.WaitForMessages(3), "no alert came after the window");
    }

    [Fact]
    public void Stop_WithOpenWindows_SendsTheirSummariesFirst()
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint, keeps: true);
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint), Rules(Day));
        gateway.UntilConnected();
        var sockets = Enumerable.Range(1, 40).Select(i => gateway.Connect(from: $"127.0.0.{i}")).ToArray();
        Array.ForEach(sockets, static socket => Send(socket, "EVIL attack-123", 50));
        gateway.UntilJudged(40 * 50);

        var last = gateway.Stop();

        Assert.True(alerts.WaitForMessages(40 + 80), $"{alerts.Messages} messages came");
        Assert.Equal((2000, 1960, 80, 120), (last.Alerted, last.AlertsSuppressed, last.Summaries, last.AlertsConfirmed));
        var summaries = alerts.Kept.Select(static message => JsonDocument.Parse(message.Json).RootElement)
            .Where(static message => message.GetProperty("kind").GetString() == "summary").ToList();
        Assert.All(summaries, static summary => Assert.Equal(49, summary.GetProperty("count").GetInt64()));
        Assert.Equal(80, summaries.Select(static summary =>
            $"{summary.GetProperty("rule")} {summary.GetProperty("sensor")}").Distinct().Count());
        Array.ForEach(sockets, static socket => socket.Dispose());
    }

    [Fact]
    public void Reload_ThatDropsSuppress_SummarisesAtOnceAndSendsEach()
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint, keeps: true);
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint), Rules(Day));
        gateway.UntilConnected();
        using var socket = gateway.Connect();
        Send(socket, "EVIL", 10);
        gateway.UntilJudged(10);

        gateway.Gateway.Use(RuleProgram.Build(TestRules.Default, gateway.Options.Detection));

        Assert.True(alerts.WaitForMessages(2), "no summary came");
        Assert.Contains("\"count\":9,", Encoding.UTF8.GetString(alerts.Kept[1].Json), StringComparison.Ordinal);
        Send(socket, "EVIL", 5);
        Assert.True(alerts.WaitForMessages(7), "repeats are still held back");
        Assert.Equal(0, gateway.UntilSettled(15).SuppressedPairs);
    }

    [Fact]
    public void Stop_WithoutNats_StillMakesTheSummaryAndCountsIt()
    {
        using var server = NatsServerProcess.Start();
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint), Rules(Day));
        gateway.UntilConnected();
        using var socket = gateway.Connect();
        Send(socket, "EVIL", 20);
        gateway.UntilJudged(20);
        server.Kill();

        var last = gateway.Stop();

        // The summary has been made; that it was not confirmed is in the books and in the log.
        Assert.Equal((20, 19, 1), (last.Alerted, last.AlertsSuppressed, last.Summaries));
        Assert.InRange(last.AlertsUnconfirmed + last.AlertsDroppedTotal, 1, 2);
        Assert.Contains(gateway.Log.Lines, static line => line.Contains("not confirmed", StringComparison.Ordinal));
    }

    internal static RuleSet Rules(TimeSpan window) => TestRules.Set(
        TestRules.Literal("test.evil", TestRules.Evil) with { SuppressFor = window },
        TestRules.Regex("test.attack", "attack-[0-9]{3}", Severity.Low) with { SuppressFor = window });

    internal static void Send(Socket socket, string payload, int count)
    {
        var frame = Frames.Encode(Framing.LengthPrefixed, Frames.Text(payload));
        socket.Send([.. Enumerable.Repeat(frame, count).SelectMany(static one => one)]);
    }
}
