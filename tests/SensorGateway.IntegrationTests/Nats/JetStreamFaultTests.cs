using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class JetStreamFaultTests
{
    [Fact]
    public void Publish_ServerStandsStill_IsNoticedAndEveryMessageStoredOnce()
    {
        const int Count = 4000;
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var admin = new StreamAdmin(server.Endpoint);
        admin.Create("ALERTS");
        using var publisher = new TestPublisher(Options(server.Endpoint));
        publisher.WaitConnected();
        publisher.PublishPaced(Count / 2, perSecond: 20_000);
        server.Suspend();
        publisher.PublishPaced(Count / 2, perSecond: 20_000); // Far more than a window.
        publisher.WaitUntil(() => publisher.Connection.State == NatsConnectionState.Connecting, "the stall to be noticed");
        Assert.InRange(publisher.Connection.UnconfirmedMessages, 1, Count);
        server.Resume();
        publisher.WaitDelivered();

        Assert.Equal(
            Enumerable.Range(0, Count).Select(i => (long)i), admin.Numbers(server.Endpoint, "ALERTS").Order());
        Assert.Equal(Count, publisher.Connection.ConfirmedMessages);
    }

    [Theory]
    [InlineData("MSG\r\n")]
    [InlineData("MSG _INBOX.x.0 1 99999999999\r\n")]
    [InlineData("HMSG _INBOX.x.0 1 20 10\r\n")]
    [InlineData("MSG a b c d e f 1\r\n")]
    public void Listen_MessageThatCannotBeRead_EndsTheSessionAndKeepsTheMessage(string garbage)
    {
        using var server = new StrangeServer(socket =>
        {
            socket.Send("INFO {\"headers\":true,\"max_payload\":1048576}\r\n"u8);
            StrangeServer.ReadUntil(socket, "PING\r\n");
            socket.Send("PONG\r\n"u8);
            socket.Send(System.Text.Encoding.ASCII.GetBytes(garbage));
        });
        using var publisher = new TestPublisher(Options(server.Endpoint));
        publisher.Publish(TimeSpan.FromSeconds(1));
        publisher.WaitUntil(() => publisher.Connection.LastError is not null, "the end");
        Assert.Contains("the server sent \"", publisher.Connection.LastError, StringComparison.Ordinal);
        Assert.Equal(1, publisher.Connection.UnconfirmedMessages);
    }

    [Fact]
    public void Listen_AnswersThatAreNone_ConfirmNothing()
    {
        using var server = new StrangeServer(socket =>
        {
            socket.Send("INFO {\"headers\":true,\"max_payload\":1048576}\r\n"u8);
            StrangeServer.ReadUntil(socket, "PING\r\n");
            socket.Send("PONG\r\n"u8);
            var buffer = new byte[4096];
            while (socket.Receive(buffer) is > 0 and var bytes)
            {
                // The reply subject is right, what comes there is not; and the other way round.
                var text = System.Text.Encoding.ASCII.GetString(buffer, 0, bytes);
                var reply = text.Split(' ').FirstOrDefault(token => token.StartsWith("_INBOX", StringComparison.Ordinal));
                if (reply is not null)
                {
                    var stored = """{"stream":"A","seq":1}""";
                    socket.Send(System.Text.Encoding.ASCII.GetBytes(
                        $"MSG {reply} 1 3\r\n+OK\r\n"
                        + $"MSG {reply}7 1 {stored.Length}\r\n{stored}\r\n"
                        + $"MSG {reply}.x 1 {stored.Length}\r\n{stored}\r\n"
                        + $"MSG _INBOX.other.0 1 {stored.Length}\r\n{stored}\r\n"));
                }

                if (text.Contains("PING\r\n", StringComparison.Ordinal))
                {
                    socket.Send("PONG\r\n"u8);
                }
            }
        });
        using var publisher = new TestPublisher(Options(server.Endpoint));
        publisher.WaitConnected();
        publisher.Publish(TimeSpan.FromSeconds(1));
        publisher.WaitUntil(() => publisher.Connection.ResentMessages > 0, "another try after two seconds");
        Assert.Equal(0, publisher.Connection.ConfirmedMessages);
        Assert.Equal(1, publisher.Connection.UnconfirmedMessages);
        Assert.Equal(0, publisher.Connection.Reconnects);
    }

    private static NatsOptions Options(NatsEndpoint server) => TestPublisher.Options(server) with
    {
        Delivery = NatsDelivery.JetStream,
        LivenessTimeout = TimeSpan.FromMilliseconds(600),
        ReconnectMin = TimeSpan.FromMilliseconds(10),
    };
}
