using System.Diagnostics;
using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class JetStreamTests(ITestOutputHelper output)
{
    private const int WindowMax = 1024;

    [Fact]
    public void Publish_FiftyThousand_AllAreStoredOnceInOrder()
    {
        const int Count = 50_000;
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var admin = new StreamAdmin(server.Endpoint);
        admin.Create("ALERTS");
        using var publisher = new TestPublisher(Options(server.Endpoint));
        publisher.WaitConnected();

        var start = Stopwatch.GetTimestamp();
        publisher.PublishFast(Count);
        publisher.WaitDelivered();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        var connection = publisher.Connection;
        output.WriteLine($"{Count / seconds:F0} messages/s with ids to a file stream, window {connection.AckWindow}");
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), admin.Numbers(server.Endpoint, "ALERTS"));
        Assert.Equal(Count, connection.ConfirmedMessages);
        Assert.Equal(Count, connection.SentMessages);
        Assert.Equal(0, connection.UnconfirmedMessages);
        Assert.Equal(0, connection.UnconfirmedBytes);
        Assert.Equal((0, 0), (connection.RejectedByStream, connection.DroppedTooLarge));
        Assert.Null(connection.LastError);
    }

    [Fact]
    public void Publish_ServerKilledAndRestartedUnderLoad_EveryMessageIsStoredOnce()
    {
        const int Count = 30_000;
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using (var admin = new StreamAdmin(server.Endpoint))
        {
            admin.Create("ALERTS");
        }

        using var publisher = new TestPublisher(Options(server.Endpoint) with { SendLogBytes = 1 << 23 });
        publisher.WaitConnected();
        for (var kills = 0; kills < 3; kills++)
        {
            publisher.PublishPaced(Count / 6, perSecond: 20_000);
            server.Kill();
            publisher.PublishPaced(Count / 6, perSecond: 20_000);
            server.Restart();
            publisher.WaitConnected(); // The next kill must find a connection.
        }

        publisher.WaitDelivered();
        var connection = publisher.Connection;
        using var after = StreamAdmin.Reopen(server.Endpoint, "ALERTS");
        var numbers = after.Numbers(server.Endpoint, "ALERTS");
        output.WriteLine(
            $"3 kills: {Count} published, {numbers.Distinct().Count()} stored, {numbers.Count - numbers.Distinct().Count()} twice, "
            + $"{connection.ResentMessages} sent again, {connection.Duplicates} of them known by their id");
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), numbers.Order());
        Assert.Equal(Count, connection.ConfirmedMessages);
        Assert.Equal(3, connection.Reconnects);
    }

    [Fact]
    public void Publish_CutsUnderLoad_EveryMessageIsStoredOnceInOrder()
    {
        const int Cuts = 10;
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var proxy = new CutProxy(server.Port);
        using var admin = new StreamAdmin(server.Endpoint);
        admin.Create("ALERTS");
        using var publisher = new TestPublisher(Options(proxy.Endpoint));
        publisher.WaitConnected();
        for (var cuts = 0; cuts < Cuts;)
        {
            publisher.PublishPaced(1500, perSecond: 20_000);
            publisher.PublishFast(500); // So that some are always on their way.
            cuts += proxy.CutAll() > 0 ? 1 : 0;
        }

        publisher.WaitDelivered();
        var count = (int)publisher.NextNumber;
        output.WriteLine($"{Cuts} cuts, {count} published, {publisher.Connection.ResentMessages} sent again, "
            + $"{publisher.Connection.Duplicates} known by their id");
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), admin.Numbers(server.Endpoint, "ALERTS"));
        Assert.Equal(count, publisher.Connection.ConfirmedMessages);
        Assert.InRange(publisher.Connection.ResentMessages, 1, Cuts * WindowMax);
    }

    [Fact]
    public void Publish_NoStreamYet_SaysSoAndStoresAllOnceThereIsOne()
    {
        const int Count = 2000;
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var admin = new StreamAdmin(server.Endpoint);
        using var publisher = new TestPublisher(Options(server.Endpoint));
        publisher.WaitConnected();
        publisher.PublishPaced(Count, perSecond: 20_000);
        publisher.WaitUntil(() => publisher.Connection.LastError is not null, "the answer 503");
        Assert.StartsWith("no stream takes the subject (503", publisher.Connection.LastError, StringComparison.Ordinal);
        Assert.Equal(Count, publisher.Connection.UnconfirmedMessages);
        Assert.Equal(NatsConnectionState.Connected, publisher.Connection.State);

        admin.Create("ALERTS");
        publisher.WaitDelivered();
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), admin.Numbers(server.Endpoint, "ALERTS").Order());
        publisher.WaitUntil(() => publisher.Connection.LastError is null, "the trouble to be over");
        Assert.Equal(0, publisher.Connection.RejectedByStream);
        Assert.Equal(0, publisher.Connection.Reconnects);
    }

    [Fact]
    public void Publish_AnotherStreamCoversTheSubject_IsRejectedCountedAndGivenUp()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var admin = new StreamAdmin(server.Endpoint);
        admin.Create("OTHER");
        using var publisher = new TestPublisher(Options(server.Endpoint));
        publisher.WaitConnected();
        publisher.PublishPaced(100, perSecond: 20_000);
        publisher.WaitDelivered();

        Assert.Equal(100, publisher.Connection.RejectedByStream);
        Assert.Equal(0, publisher.Connection.ConfirmedMessages);
        Assert.Equal("the stream answered: expected stream does not match (400)", publisher.Connection.LastError);
        Assert.Equal(0, admin.Count("OTHER"));
    }

    [Fact]
    public void Publish_StreamTakesSmallerMessagesOnly_IsRejectedAndTheNextStored()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var admin = new StreamAdmin(server.Endpoint);
        admin.Create("ALERTS", more: ",\"max_msg_size\":400");
        using var publisher = new TestPublisher(Options(server.Endpoint));
        publisher.WaitConnected();
        Assert.Equal(
            NatsAppendResult.Appended,
            publisher.Connection.TryAppendWithId("alerts.high"u8, "large"u8, new byte[1000]));
        publisher.Publish(TimeSpan.FromSeconds(1));
        publisher.WaitDelivered();

        Assert.Equal(1, publisher.Connection.RejectedByStream);
        Assert.Equal(1, publisher.Connection.ConfirmedMessages);
        Assert.Equal(1, admin.Count("ALERTS"));
    }

    [Fact]
    public void Publish_SameIdTwice_IsStoredOnceAndCounted()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var admin = new StreamAdmin(server.Endpoint);
        admin.Create("ALERTS");
        using var publisher = new TestPublisher(Options(server.Endpoint));
        publisher.WaitConnected();
        for (var i = 0; i < 2; i++)
        {
            publisher.Connection.TryAppendWithId("alerts.high"u8, "edge-1"u8, "12345678"u8);
        }

        publisher.WaitDelivered();
        Assert.Equal((2, 1), (publisher.Connection.ConfirmedMessages, publisher.Connection.Duplicates));
        Assert.Equal(1, admin.Count("ALERTS"));
    }

    [Fact]
    public void Publish_InboxForbidden_SaysWhatToAllow()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = "authorization { users = [ { user: edge, password: p, permissions: { subscribe: [ \"none\" ] } } ] }",
        });
        using var publisher = new TestPublisher(Options(server.Endpoint) with { User = "edge", Password = "p" });
        publisher.WaitUntil(() => publisher.Connection.LastError is not null, "the refusal");
        Assert.EndsWith("; allow this user to subscribe to _INBOX.>", publisher.Connection.LastError, StringComparison.Ordinal);
    }

    private static NatsOptions Options(NatsEndpoint server) => TestPublisher.Options(server) with
    {
        Delivery = NatsDelivery.JetStream,
        ExpectedStream = "ALERTS",
        SendLogBytes = 1 << 20,
    };
}
