using System.Net.Sockets;
using System.Text;
using SensorGateway.Nats;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class NotNatsTests
{
    private const string Info = "INFO {\"server_id\":\"X\",\"max_payload\":1048576,\"headers\":true}\r\n";

    public static TheoryData<string, string, string> Strangers => new()
    {
        { "http", "HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak NATS: it sent \"HTTP/1.1 400 Bad Request" },
        { "garbage", "\u0001\u0002\u0003", "does not speak NATS: it sent \"\\x01\\x02\\x03\"" },
        { "half a word", "IN", "sent no INFO within 300ms" },
        { "INFO of no JSON", "INFO {\"max_payload\":\r\n", "does not speak NATS: it sent \"{" },
        { "INFO of wrong types", "INFO {\"max_payload\":\"big\"}\r\n", "does not speak NATS: it sent \"{" },
        { "TLS only", "INFO {\"tls_required\":true}\r\n", "requires TLS; set publishing.tls.mode: require, or write tls:// in its URL" },
        { "INFO, then silence", Info, "did not answer CONNECT within 300ms" },
        { "INFO, then garbage", Info + "HELLO\r\n", "does not speak NATS: it sent \"HELLO\"" },
        { "full", Info + "-ERR 'maximum connections exceeded'\r\n", "answered: maximum connections exceeded" },
        { "silence", "", "sent no INFO within 300ms" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public void Connect_ServerThatIsNotNats_SaysWhatItIsAndTriesAgain(string situation, string says, string expected)
    {
        using var server = new StrangeServer(socket => socket.Send(Encoding.Latin1.GetBytes(says)));
        ExpectError(server, expected, situation);
    }

    [Fact]
    public void Connect_EndlessInfo_GivesUpAtTheLimitWithoutGrowing()
    {
        using var server = new StrangeServer(socket =>
        {
            socket.Send("INFO {\"x\":\""u8);
            var chunk = new byte[64 * 1024];
            Array.Fill(chunk, (byte)'a');
            while (true)
            {
                socket.Send(chunk);
            }
        });
        ExpectError(server, "sent a line without end", "endless INFO", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Connect_ServerClosesAtOnce_SaysSo()
    {
        using var server = new StrangeServer(socket => socket.Dispose());
        ExpectError(server, "before it accepted us", "closed");
    }

    [Theory]
    [InlineData("what is this\r\n", "the server sent \"what is this\"")]
    [InlineData("INFO nonsense\r\n", "the server sent an INFO that cannot be read")]
    [InlineData("-ERR 'Stale Connection'\r\n", "the server reports: Stale Connection")]
    [InlineData("-ERR 'User Authentication Expired'\r\n", "the server reports: User Authentication Expired")]
    public void Session_ServerTurnsStrange_EndsWithTheReasonAndRedials(string says, string expected)
    {
        using var server = new StrangeServer(socket =>
        {
            LogIn(socket);
            socket.Send(Encoding.ASCII.GetBytes(says));
        });
        ExpectError(server, expected, says);
    }

    [Fact]
    public void Session_LineWithoutEnd_IsCutAtTheLimit()
    {
        using var server = new StrangeServer(socket =>
        {
            LogIn(socket);
            var chunk = new byte[16 * 1024];
            Array.Fill(chunk, (byte)'-');
            while (true)
            {
                socket.Send(chunk);
            }
        });
        ExpectError(server, "the server sent a line without end", "endless line", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Session_PongsNobodyAskedFor_ConfirmNothing()
    {
        using var server = new StrangeServer(socket =>
        {
            LogIn(socket);
            socket.Send(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("PONG\r\n", 1000))));
        });
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint));
        publisher.WaitConnected();
        for (var i = 0; i < 50; i++)
        {
            publisher.Step();
        }

        publisher.Publish(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 50; i++)
        {
            publisher.Step();
        }

        Assert.Equal(0, publisher.Connection.ConfirmedMessages);
        Assert.Equal(1, publisher.Connection.UnconfirmedMessages);
    }

    private static void LogIn(Socket socket)
    {
        socket.Send(Encoding.ASCII.GetBytes(Info));
        StrangeServer.ReadUntil(socket, "PING\r\n");
        socket.Send("PONG\r\n"u8);
    }

    private static void ExpectError(StrangeServer server, string expected, string situation, TimeSpan? limit = null)
    {
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with
        {
            ConnectTimeout = limit ?? TimeSpan.FromMilliseconds(300),
            ReconnectMax = TimeSpan.FromMilliseconds(100),
        });
        publisher.WaitUntil(
            () => publisher.Connection.LastError is { } error && error.Contains(expected, StringComparison.Ordinal),
            $"{situation}: {expected}");
        publisher.WaitUntil(() => server.Accepted > 1, $"{situation}: another attempt");
        Assert.NotEqual(NatsConnectionState.Closed, publisher.Connection.State);
    }
}
