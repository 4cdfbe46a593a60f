using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class JetStreamRefusalTests(ITestOutputHelper output)
{
    private const string OnlyOk = """
        authorization { users: [
          { user: edge, password: p, permissions: { publish: { deny: ["alerts.secret.>"] } } }, { user: admin, password: a } ] }

        """;

    [Theory]
    [InlineData(NatsDelivery.JetStream)]
    [InlineData(NatsDelivery.Fenced)]
    [InlineData(NatsDelivery.Core)]
    public void Publish_SubjectForbidden_IsGivenUpOnceAndTheOthersGoThrough(NatsDelivery delivery)
    {
        const int Each = 300;
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true, Configuration = OnlyOk });
        using var admin = new StreamAdmin(server.Endpoint, "admin", "a");
        admin.Create("ALERTS");
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with
        {
            User = "edge",
            Password = "p",
            Delivery = delivery,
        });
        publisher.WaitConnected();
        var connection = publisher.Connection;
        for (var i = 0; i < Each; i++)
        {
            connection.TryAppend("alerts.secret.a"u8, [], "no"u8);
            connection.TryAppend("alerts.high.a"u8, [], "yes"u8);
        }

        publisher.WaitDelivered();
        publisher.WaitUntil(() => connection.RefusedMessages == Each, "all refusals counted");

        Assert.Equal(delivery == NatsDelivery.Core ? 0 : Each, connection.ConfirmedMessages);
        Assert.Equal(new NatsRefusedSubject("alerts.secret.a", Each), Assert.Single(connection.RefusedSubjects));
        Assert.Equal(0, connection.ResentMessages);
        Assert.Equal(0, connection.UnconfirmedBytes);
        Assert.Equal(NatsConnectionState.Connected, connection.State);
        Assert.True(WaitForCount(admin, Each), $"{admin.Count("ALERTS")} stored");
    }

    [Fact]
    public void Publish_StreamDeletedAndMadeAgain_NothingIsLostOrStoredTwice()
    {
        const int Count = 3000;
        using var server = NatsServerProcess.Start(new NatsServerSetup { JetStream = true });
        using var admin = new StreamAdmin(server.Endpoint);
        admin.Create("ALERTS");
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with { Delivery = NatsDelivery.JetStream });
        publisher.WaitConnected();
        publisher.PublishPaced(Count / 3, perSecond: 10_000);
        publisher.WaitDelivered();
        admin.Delete("ALERTS");
        publisher.PublishPaced(Count / 3, perSecond: 10_000);
        publisher.WaitUntil(() => publisher.Connection.LastError is not null, "the trouble");
        Assert.Contains("no stream takes the subject (503, no responders)", publisher.Connection.LastError, StringComparison.Ordinal);
        Assert.Equal(Count / 3, publisher.Connection.UnconfirmedMessages);
        admin.Create("ALERTS");
        publisher.PublishPaced(Count / 3, perSecond: 10_000);
        publisher.WaitDelivered();

        var stored = admin.Numbers(server.Endpoint, "ALERTS");
        output.WriteLine($"published {Count}, stored {stored.Count} in the second stream, resent {publisher.Connection.ResentMessages}, "
            + $"duplicates {publisher.Connection.Duplicates}");
        Assert.Equal(Enumerable.Range(Count / 3, Count / 3 * 2).Select(static i => (long)i), stored.Order());
        Assert.Equal(Count, publisher.Connection.ConfirmedMessages);
        Assert.Equal(0, publisher.Connection.RejectedByStream);
        Assert.Equal(0, publisher.Connection.UnansweredMessages);
    }

    private static bool WaitForCount(StreamAdmin admin, long count)
    {
        for (var i = 0; i < 500 && admin.Count("ALERTS") < count; i++)
        {
            Thread.Sleep(10);
        }

        return admin.Count("ALERTS") == count;
    }
}
