using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class LoginTests
{
    private static readonly TimeSpan SlowRetry = TimeSpan.FromMilliseconds(300);

    [Fact]
    public void Connect_WrongPasswordThenRight_IsRefusedThenAccepted()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { User = "edge", Password = "old" });
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with
        {
            User = "edge",
            Password = "new",
            ReconnectMax = SlowRetry,
        });
        publisher.Publish(TimeSpan.FromSeconds(1));
        publisher.WaitUntil(() => publisher.Connection.State == NatsConnectionState.Refused, "the refusal");
        Assert.Equal(
            $"{server.Url} refused us: Authorization Violation; check user, password or token",
            publisher.Connection.LastError);
        Assert.Equal(1, publisher.Connection.UnconfirmedMessages);

        server.Reconfigure(new NatsServerSetup { User = "edge", Password = "new" });
        server.Restart();
        publisher.WaitConnected();
        publisher.WaitDelivered();

        Assert.Null(publisher.Connection.LastError);
        Assert.Equal(server.Url, publisher.Connection.ConnectedEndpoint);
    }

    [Fact]
    public void Connect_RefusedLogin_RetriesSlowly()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { Token = "right" });
        using var proxy = new CutProxy(server.Port);
        using var publisher = new TestPublisher(TestPublisher.Options(proxy.Endpoint) with
        {
            Token = "wrong",
            ReconnectMin = TimeSpan.FromMilliseconds(1),
            ReconnectMax = TimeSpan.FromSeconds(60),
        });
        publisher.WaitUntil(() => publisher.Connection.State == NatsConnectionState.Refused, "the refusal");
        for (var i = 0; i < 200; i++)
        {
            publisher.Step();
        }

        Assert.Equal(1, proxy.Accepted);
    }

    [Fact]
    public void Connect_CredentialsInTheUrl_AreUsed()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { User = "edge", Password = "p@ss:word" });
        Assert.True(NatsEndpoint.TryParse(
            $"nats://edge:p%40ss%3Aword@127.0.0.1:{server.Port}", out var endpoint, out var problem), problem);
        using var publisher = new TestPublisher(TestPublisher.Options(endpoint));
        publisher.WaitConnected();

        using var subscriber = NatsSubscriber.Connect(server.Endpoint, new NatsCredentials("edge", "p@ss:word", null));
        Assert.True(subscriber.IsOpen);
        var refusal = Assert.Throws<NatsException>(() => NatsSubscriber.Connect(server.Endpoint));
        Assert.True(refusal.IsRefused);
    }

    [Fact]
    public void Connect_Token_IsAccepted()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { Token = "s3cret" });
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with { Token = "s3cret" });
        publisher.WaitConnected();
        Assert.NotNull(publisher.Connection.ServerVersion);
    }

    [Fact]
    public void Connect_FirstServerUnreachable_TakesTheNext()
    {
        using var gone = NatsServerProcess.Start();
        gone.Kill();
        using var server = NatsServerProcess.Start();
        using var publisher = new TestPublisher(TestPublisher.Options(gone.Endpoint, server.Endpoint));
        publisher.WaitConnected();
        Assert.Equal(server.Url, publisher.Connection.ConnectedEndpoint);
    }

    [Fact]
    public void Connect_NobodyListens_SaysSoAndConnectsWhenTheServerComes()
    {
        using var server = NatsServerProcess.Start();
        server.Kill();
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint));
        publisher.WaitUntil(() => publisher.Connection.LastError is not null, "the failure");
        Assert.Equal($"cannot connect to 127.0.0.1:{server.Port}: Connection refused", publisher.Connection.LastError);

        server.Restart();
        publisher.WaitConnected();
    }
}
