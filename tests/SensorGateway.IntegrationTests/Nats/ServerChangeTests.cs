using System.Diagnostics;
using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class ServerChangeTests
{
    [Fact]
    public void Reconnect_ServerNowTakesOnlySmallMessages_DropsAndCountsTheLargeOnes()
    {
        using var server = NatsServerProcess.Start();
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint));
        publisher.WaitConnected();
        server.Kill();
        publisher.WaitUntil(() => publisher.Connection.State == NatsConnectionState.Connecting, "the loss to be noticed");
        publisher.Publish(TimeSpan.FromSeconds(1));
        Assert.Equal(NatsAppendResult.Appended, publisher.Connection.TryAppend("a"u8, [], new byte[5000]));
        publisher.Publish(TimeSpan.FromSeconds(1));

        server.Reconfigure(new NatsServerSetup { Configuration = "max_payload: 1000\n" });
        server.Restart();
        publisher.WaitDelivered();

        var connection = publisher.Connection;
        Assert.Equal(1, connection.DroppedTooLarge);
        Assert.Equal(2, connection.ConfirmedMessages);
        Assert.Equal(3, connection.AppendedMessages);
        Assert.Equal(0, connection.UnconfirmedBytes);
        Assert.Equal(1, connection.Reconnects);
        Assert.Equal(NatsAppendResult.TooLarge, connection.TryAppend("a"u8, [], new byte[1001]));
    }

    [Fact]
    public void Publish_SubjectNotAllowed_IsCountedAndTheConnectionStays()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = """
                authorization { users: [ { user: edge, password: p, permissions: { publish: { allow: ["ok.>"] } } } ] }

                """,
        });
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with { User = "edge", Password = "p" });
        publisher.WaitConnected();
        publisher.Connection.TryAppend("ok.a"u8, [], "1"u8);
        publisher.Connection.TryAppend("secret.a"u8, [], "2"u8);
        publisher.Connection.TryAppend("ok.b"u8, [], "3"u8);
        publisher.WaitDelivered();
        publisher.WaitUntil(() => publisher.Connection.PermissionViolations == 1, "the refusal");

        Assert.Contains("Permissions Violation", publisher.Connection.LastError, StringComparison.Ordinal);
        Assert.Equal(NatsConnectionState.Connected, publisher.Connection.State);
        Assert.Equal(0, publisher.Connection.Reconnects);
    }

    [Fact]
    public void Publish_ServerInLameDuckMode_MovesToTheOtherServer()
    {
        using var leaving = NatsServerProcess.Start();
        using var staying = NatsServerProcess.Start();
        using var publisher = new TestPublisher(TestPublisher.Options(leaving.Endpoint, staying.Endpoint));
        publisher.WaitConnected();
        Assert.Equal(leaving.Url, publisher.Connection.ConnectedEndpoint);
        publisher.PublishPaced(1000, perSecond: 10_000);

        leaving.AnnounceShutdown();
        publisher.WaitUntil(() => publisher.Connection.ConnectedEndpoint == staying.Url, "the move");
        publisher.PublishPaced(1000, perSecond: 10_000);
        publisher.WaitDelivered();

        Assert.Equal(2000, publisher.Connection.ConfirmedMessages);
        Assert.True(leaving.IsRunning);
    }

    [Fact]
    public void Reconnect_ServerOfAClusterDies_TakesOneItHadTold()
    {
        var route = NatsServerProcess.FreePort();
        using var seed = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = $"cluster {{ name: c, listen: \"127.0.0.1:{route}\" }}\n",
        });
        using var other = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = $"cluster {{ name: c, listen: \"127.0.0.1:{NatsServerProcess.FreePort()}\", "
                + $"routes: [ \"nats://127.0.0.1:{route}\" ] }}\n",
        });
        using var publisher = new TestPublisher(TestPublisher.Options(seed.Endpoint));
        publisher.WaitConnected();
        publisher.WaitUntil(() => seed.Output.Contains("Route connection created", StringComparison.Ordinal), "the cluster");
        publisher.PublishPaced(2000, perSecond: 2000); // Long enough for the news to arrive.
        seed.Kill();
        publisher.WaitUntil(() => publisher.Connection.ConnectedEndpoint == other.Url, "the move");
        publisher.PublishPaced(100, perSecond: 10_000);
        publisher.WaitDelivered();
        Assert.Equal(2100, publisher.Connection.ConfirmedMessages);
    }

    [Fact]
    public void Dispose_WhileDialling_EndsSoon()
    {
        using var silent = new StrangeServer(_ => { });
        var publisher = new TestPublisher(
            TestPublisher.Options(silent.Endpoint) with { ConnectTimeout = TimeSpan.FromSeconds(60) });
        publisher.WaitUntil(() => silent.Accepted == 1, "the dial");
        var start = Stopwatch.GetTimestamp();
        publisher.Dispose();

        // Not a measurement: the dial itself would take a minute.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 30);
        Assert.Equal(NatsConnectionState.Closed, publisher.Connection.State);
        Assert.Equal(NatsFlushResult.Down, publisher.Connection.Flush(Stopwatch.GetTimestamp()));
    }
}
