using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;
using SensorGateway.TestKit.Nats.Containers;

namespace SensorGateway.IntegrationTests.Nats.Containers;

public sealed class NatsServerContainerTests
{
    [DockerFact]
    public void Start_WithAUser_TakesMessagesFromThatUserOnly()
    {
        using var server = NatsServerContainer.Start(new NatsServerSetup { User = "edge", Password = "secret" });
        using var reader = new NumberReader(server.Endpoint, new NatsCredentials("edge", "secret", null));
        using var publisher = new TestPublisher(
            TestPublisher.Options(server.Endpoint) with { User = "edge", Password = "secret" });
        publisher.WaitConnected();
        publisher.PublishFast(1000);
        publisher.WaitDelivered();

        Assert.True(reader.WaitFor(1000));
        Assert.True(Assert.Throws<NatsException>(() => NatsSubscriber.Connect(server.Endpoint)).IsRefused);
    }
}
