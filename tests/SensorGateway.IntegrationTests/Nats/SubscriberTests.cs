using System.Net.Sockets;
using System.Text;
using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class SubscriberTests
{
    private const string Info = "INFO {\"server_id\":\"X\",\"headers\":true}\r\n";

    [Fact]
    public void TryRead_MessagesInPiecesOfAnySize_ArriveWhole()
    {
        var random = new Random(9);
        var stream = new List<byte>();
        for (var i = 0; i < 2000; i++)
        {
            var payload = new string((char)('a' + (i % 26)), random.Next(300));
            stream.AddRange(Encoding.ASCII.GetBytes(i % 3 == 0
                ? $"HMSG s.{i} 1 16 {payload.Length + 16}\r\nNATS/1.0\r\nA:\r\n\r\n{payload}\r\n"
                : $"MSG s.{i} 1 {payload.Length}\r\n{payload}\r\n"));
        }

        using var server = new StrangeServer(socket =>
        {
            LogIn(socket);
            var bytes = stream.ToArray();
            for (var position = 0; position < bytes.Length;)
            {
                // Byte by byte at first, then pieces of any size.
                var piece = Math.Min(position < 500 ? 1 : random.Next(1, 3000), bytes.Length - position);
                position += socket.Send(bytes, position, piece, SocketFlags.None);
            }
        });
        using var subscriber = NatsSubscriber.Connect(server.Endpoint);
        for (var i = 0; i < 2000; i++)
        {
            Assert.True(subscriber.TryRead(out var message, TimeSpan.FromSeconds(10)), $"message {i}: {subscriber.LastError}");
            Assert.Equal($"s.{i}", Encoding.ASCII.GetString(message.Subject));
            Assert.Equal(i % 3 == 0 ? 16 : 0, message.Headers.Length);
            Assert.True(message.Payload.IndexOfAnyExcept((byte)('a' + (i % 26))) < 0);
            Assert.NotEqual(0, message.ReceivedTicks);
        }
    }

    [Fact]
    public void TryRead_MessageLargerThanTheBuffer_ArrivesWhole()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { Configuration = "max_payload: 4MB\n" });
        using var subscriber = NatsSubscriber.Connect(server.Endpoint);
        subscriber.Subscribe(">");
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint));
        publisher.WaitConnected();
        var payload = new byte[3_000_000];
        new Random(4).NextBytes(payload);
        Assert.Equal(NatsAppendResult.Appended, publisher.Connection.TryAppend("big"u8, [], payload));
        Assert.Equal(NatsAppendResult.Appended, publisher.Connection.TryAppend("small"u8, [], "x"u8));
        publisher.WaitDelivered();

        Assert.True(subscriber.TryRead(out var big, TimeSpan.FromSeconds(10)), subscriber.LastError);
        Assert.True(big.Payload.SequenceEqual(payload));
        Assert.True(subscriber.TryRead(out var small, TimeSpan.FromSeconds(10)), subscriber.LastError);
        Assert.Equal("small", Encoding.ASCII.GetString(small.Subject));
    }

    [Fact]
    public void TryRead_NothingComes_FalseAndStillOpen()
    {
        using var server = NatsServerProcess.Start(
            new NatsServerSetup { Configuration = "ping_interval: \"200ms\"\nping_max: 3\n" });
        using var subscriber = NatsSubscriber.Connect(server.Endpoint);
        subscriber.Subscribe("a");
        Assert.False(subscriber.TryRead(out _, TimeSpan.FromSeconds(2.5))); // Long enough to be thrown out as stale.
        Assert.True(subscriber.IsOpen, subscriber.LastError);
    }

    [Fact]
    public void TryRead_ServerGone_FalseAndClosedWithTheReason()
    {
        using var server = NatsServerProcess.Start();
        using var subscriber = NatsSubscriber.Connect(server.Endpoint);
        subscriber.Subscribe("a");
        server.Kill();
        Assert.False(subscriber.TryRead(out _, TimeSpan.FromSeconds(10)));
        Assert.False(subscriber.IsOpen);
        Assert.NotNull(subscriber.LastError);
    }

    [Theory]
    [InlineData("MSG a 1 99999999999\r\n", "a message line that cannot be read")]
    [InlineData("MSG a 1 -1\r\n", "a message line that cannot be read")]
    [InlineData("HMSG a 1 9 5\r\n", "a message line that cannot be read")]
    [InlineData("what is this\r\n", "the server sent \"what is this\"")]
    public void TryRead_ServerTurnsStrange_ClosesWithTheReason(string says, string expected)
    {
        using var server = new StrangeServer(socket =>
        {
            LogIn(socket);
            socket.Send(Encoding.ASCII.GetBytes(says));
        });
        using var subscriber = NatsSubscriber.Connect(server.Endpoint);
        Assert.False(subscriber.TryRead(out _, TimeSpan.FromSeconds(10)));
        Assert.False(subscriber.IsOpen);
        Assert.Contains(expected, subscriber.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void Subscribe_NotAllowed_SaysSo()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = """
                authorization { users: [ { user: u, password: p, permissions: { subscribe: { deny: ["secret.>"] } } } ] }

                """,
        });
        using var subscriber = NatsSubscriber.Connect(server.Endpoint, new NatsCredentials("u", "p", null));
        subscriber.Subscribe("open.>");
        var problem = Assert.Throws<NatsException>(() => subscriber.Subscribe("secret.>"));
        Assert.Contains("cannot subscribe to secret.>: Permissions Violation", problem.Message, StringComparison.Ordinal);
        Assert.Throws<NatsException>(() => subscriber.Subscribe("two words"));
    }

    [Fact]
    public void Subscribe_AgainWhileMessagesFlow_KeepsThem()
    {
        const int Count = 20_000;
        using var server = NatsServerProcess.Start();
        using var subscriber = NatsSubscriber.Connect(server.Endpoint);
        subscriber.Subscribe("alerts.>");
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint));
        publisher.WaitConnected();
        for (var i = 0; i < Count; i++)
        {
            publisher.Publish(TimeSpan.FromSeconds(5));
        }

        publisher.WaitDelivered();
        subscriber.Subscribe("other.>");
        for (var i = 0L; i < Count; i++)
        {
            Assert.True(subscriber.TryRead(out var message, TimeSpan.FromSeconds(10)), $"message {i}: {subscriber.LastError}");
            Assert.Equal(i, System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(message.Payload));
        }
    }

    private static void LogIn(Socket socket)
    {
        socket.Send(Encoding.ASCII.GetBytes(Info));
        StrangeServer.ReadUntil(socket, "PING\r\n");
        socket.Send("PONG\r\n"u8);
    }
}
