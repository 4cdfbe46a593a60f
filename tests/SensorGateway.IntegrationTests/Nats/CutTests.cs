using System.Diagnostics;
using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class CutTests
{
    [Fact]
    public void Publish_ConnectionCutTwentyTimes_NothingIsLostAndOrderHolds()
    {
        const int Cuts = 20;
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var reader = new NumberReader(server.Endpoint);
        using var publisher = new TestPublisher(TestPublisher.Options(proxy.Endpoint));
        publisher.WaitConnected();

        for (var cuts = 0; cuts < Cuts;)
        {
            publisher.PublishPaced(3000, perSecond: 20_000);
            publisher.WaitConnected(); // A dial that is cut is no reconnect.
            cuts += proxy.CutAll() > 0 ? 1 : 0; // None while it still redials: then publish on and try again.
        }

        publisher.PublishPaced(3000, perSecond: 20_000);
        publisher.WaitDelivered();

        var count = publisher.NextNumber;
        Assert.True(reader.WaitFor(count), $"{reader.Distinct} of {count} arrived");
        Assert.Equal(0, reader.OutOfOrder);
        var connection = publisher.Connection;
        Assert.InRange(connection.Reconnects, Cuts, Cuts + 5);
        Assert.InRange(reader.Duplicates, 0, connection.ResentMessages);
        Assert.Equal(count, connection.ConfirmedMessages);
        Assert.Equal(count, connection.SentMessages);
    }

    [Fact]
    public void Publish_CoreDeliveryAndOneCut_SendsEachMessageOnceAndGoesOn()
    {
        const int Count = 10_000;
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var reader = new NumberReader(server.Endpoint);
        using var publisher = new TestPublisher(
            TestPublisher.Options(proxy.Endpoint) with { Delivery = NatsDelivery.Core });
        publisher.WaitConnected();

        publisher.PublishPaced(Count / 2, perSecond: 20_000);
        Assert.Equal(1, proxy.CutAll());
        publisher.PublishPaced(Count / 2, perSecond: 20_000);
        publisher.WaitDelivered();
        Assert.True(publisher.Connection.TryDrain(TimeSpan.FromSeconds(10)), publisher.Connection.LastError);

        // What was on its way is lost: that is Core.
        Assert.True(reader.WaitFor(Count / 2), $"{reader.Distinct} arrived");
        Assert.Equal(0, reader.OutOfOrder);
        Assert.Equal(0, reader.Duplicates);
        Assert.Equal(Count, publisher.Connection.SentMessages);
        Assert.Equal(0, publisher.Connection.ResentMessages);
        Assert.Equal(1, publisher.Connection.Reconnects);
    }

    [Fact]
    public void Publish_ServerKilledAndRestartedUnderLoad_NothingUnconfirmedIsLost()
    {
        const int Count = 40_000;
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var before = new NumberReader(server.Endpoint);
        using var publisher = new TestPublisher(TestPublisher.Options(proxy.Endpoint));
        publisher.WaitConnected();
        publisher.PublishPaced(Count / 2, perSecond: 20_000);

        proxy.Refuses = true; // Until the new server has its subscriber: a message nobody asks for goes nowhere.
        server.Kill();
        publisher.WaitUntil(() => publisher.Connection.State == NatsConnectionState.Connecting, "the loss to be noticed");
        var confirmed = publisher.Connection.ConfirmedMessages;
        publisher.PublishPaced(Count / 4, perSecond: 20_000);
        server.Restart();
        using var after = new NumberReader(server.Endpoint);
        proxy.Refuses = false;
        publisher.PublishPaced(Count / 4, perSecond: 20_000);
        publisher.WaitDelivered();

        // What the killed server had confirmed is its own business; everything else is ours.
        Assert.True(after.WaitFor(Count - confirmed), $"{after.Distinct} of {Count - confirmed} arrived");
        Assert.Equal(0, after.OutOfOrder);
        Assert.Equal(Count, publisher.Connection.ConfirmedMessages);
        Assert.InRange(confirmed, 1, Count / 2);
    }

    [Fact]
    public void Publish_LogFullWhileDown_RefusesFurtherMessagesAndDeliversTheRest()
    {
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var reader = new NumberReader(server.Endpoint);
        using var publisher = new TestPublisher(TestPublisher.Options(proxy.Endpoint) with { SendLogBytes = 64 * 1024 });
        publisher.WaitConnected();
        proxy.Refuses = true;
        proxy.CutAll();
        publisher.WaitUntil(() => publisher.Connection.State == NatsConnectionState.Connecting, "the loss to be noticed");

        var payload = new byte[128];
        var taken = 0;
        while (publisher.Connection.TryAppend("alerts.high.s"u8, [], Number(payload, taken)) == NatsAppendResult.Appended)
        {
            taken++;
        }

        Assert.Equal(NatsFlushResult.Down, publisher.Connection.Flush(Stopwatch.GetTimestamp()));
        Assert.Equal(-1, publisher.Connection.PollDescriptor);
        Assert.Equal(taken, publisher.Connection.UnconfirmedMessages);
        proxy.Refuses = false;
        publisher.WaitDelivered();

        Assert.True(reader.WaitFor(taken), $"{reader.Distinct} of {taken} arrived");
        Assert.InRange(taken, 64 * 1024 / 256, 64 * 1024 / 128);
    }

    private static byte[] Number(byte[] payload, long number)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(payload, number);
        return payload;
    }
}
