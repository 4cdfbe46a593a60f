using System.Diagnostics;
using System.Text;
using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class PublishTests
{
    [Theory]
    [InlineData(NatsDelivery.Core)]
    [InlineData(NatsDelivery.Fenced)]
    public void Publish_AHundredThousand_AllArriveInOrder(NatsDelivery delivery)
    {
        const int Count = 100_000;
        using var server = NatsServerProcess.Start();
        using var reader = new NumberReader(server.Endpoint);
        using var publisher = new TestPublisher(
            TestPublisher.Options(server.Endpoint) with { Delivery = delivery, SendLogBytes = 1 << 20 });
        publisher.WaitConnected();

        for (var i = 0; i < Count; i++)
        {
            publisher.Publish(TimeSpan.FromSeconds(10));
            if (i % 100 == 0)
            {
                publisher.Connection.Flush(Stopwatch.GetTimestamp());
            }
        }

        Assert.True(publisher.Connection.TryDrain(TimeSpan.FromSeconds(10)), publisher.Connection.LastError);

        Assert.True(reader.WaitFor(Count), $"{reader.Distinct} of {Count} arrived");
        Assert.Equal(0, reader.OutOfOrder);
        Assert.Equal(0, reader.Duplicates);
        var connection = publisher.Connection;
        Assert.Equal(Count, connection.AppendedMessages);
        Assert.Equal(Count, connection.SentMessages);
        Assert.Equal(delivery == NatsDelivery.Fenced ? Count : 0, connection.ConfirmedMessages);
        Assert.Equal(0, connection.UnconfirmedMessages);
        Assert.Equal(0, connection.UnconfirmedBytes);
        Assert.Equal(0, connection.ResentMessages);
    }

    [Fact]
    public void TryAppend_WithHeaders_SubscriberSeesThem()
    {
        using var server = NatsServerProcess.Start();
        using var subscriber = NatsSubscriber.Connect(server.Endpoint);
        subscriber.Subscribe("alerts.*");
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint));
        publisher.WaitConnected();

        var headers = "NATS/1.0\r\nNats-Msg-Id: edge-1-42\r\n\r\n"u8;
        Assert.Equal(NatsAppendResult.Appended, publisher.Connection.TryAppend("alerts.high"u8, headers, "one\r\ntwo"u8));
        publisher.WaitDelivered();

        Assert.True(subscriber.TryRead(out var message, TimeSpan.FromSeconds(10)));
        Assert.Equal("alerts.high", Encoding.UTF8.GetString(message.Subject));
        Assert.True(message.Headers.SequenceEqual(headers));
        Assert.Equal("one\r\ntwo", Encoding.UTF8.GetString(message.Payload));
    }

    [Fact]
    public void TryAppend_AtAndAboveTheServersLimit_TakesTheOneRefusesTheOther()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { Configuration = "max_payload: 5000\n" });
        using var subscriber = NatsSubscriber.Connect(server.Endpoint);
        subscriber.Subscribe("a");
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint));
        publisher.WaitConnected();

        Assert.Equal(5000, publisher.Connection.MaxPayloadBytes);
        Assert.Equal(NatsAppendResult.TooLarge, publisher.Connection.TryAppend("a"u8, [], new byte[5001]));
        Assert.Equal(NatsAppendResult.Appended, publisher.Connection.TryAppend("a"u8, [], new byte[5000]));
        publisher.WaitDelivered();

        Assert.True(subscriber.TryRead(out var message, TimeSpan.FromSeconds(10)));
        Assert.Equal(5000, message.Payload.Length);
        Assert.Equal(0, publisher.Connection.Reconnects);
    }

    [Fact]
    public void Flush_AfterTheLastMessage_FencesTheTailWhenDue()
    {
        using var server = NatsServerProcess.Start();
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint));
        publisher.WaitConnected();
        publisher.Publish(TimeSpan.FromSeconds(1));
        publisher.WaitDelivered();

        for (var i = 0; i < 10; i++)
        {
            publisher.Publish(TimeSpan.FromSeconds(1));
            publisher.Connection.Flush(Stopwatch.GetTimestamp());
        }

        publisher.WaitUntil(() => publisher.Connection.ConfirmedMessages == 11, "the fence of the tail");
        publisher.Connection.Flush(Stopwatch.GetTimestamp());
        Assert.Equal(long.MaxValue, publisher.Connection.NextFenceDueTicks);
        Assert.False(publisher.Connection.HasUnsent);
    }

    [Fact]
    public void AppendAndFlush_InSteadyState_AllocateNothing()
    {
        using var server = NatsServerProcess.Start();
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint));
        publisher.WaitConnected();
        var payload = new byte[128];
        void Round(int messages)
        {
            for (var i = 0; i < messages; i++)
            {
                while (publisher.Connection.TryAppend("alerts.high.s"u8, [], payload) == NatsAppendResult.LogFull)
                {
                    publisher.Connection.Flush(Stopwatch.GetTimestamp());
                }

                publisher.Connection.Flush(Stopwatch.GetTimestamp());
            }
        }

        Round(2000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Round(20_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
