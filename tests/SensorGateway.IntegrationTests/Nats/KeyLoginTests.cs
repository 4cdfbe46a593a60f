using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class KeyLoginTests
{
    [Fact]
    public void Connect_NkeyFileToAServerWithoutNonce_SaysSo()
    {
        using var server = NatsServerProcess.Start();
        using var file = new TestSecretFile(new TestNkey().Seed);
        var refusal = Assert.Throws<NatsException>(() => NatsSubscriber.Connect(
            server.Endpoint, NatsCredentials.None with { NkeyFile = file.Path }));
        Assert.StartsWith("the server asks for no signature", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connect_PasswordToAnotherHost_IsRefusedBeforeAnythingIsSentUnlessAllowed()
    {
        // An address for documentation: nobody is there, so a dial that is allowed runs out of time.
        var elsewhere = new NatsEndpoint("192.0.2.1", 4222);
        var credentials = new NatsCredentials("edge", "p", null);
        var refusal = Assert.Throws<NatsException>(() => NatsSubscriber.Connect(elsewhere, credentials));
        Assert.True(refusal.IsRefused);
        Assert.StartsWith(
            "nats://192.0.2.1:4222: a password or token would travel unencrypted to 192.0.2.1",
            refusal.Message, StringComparison.Ordinal);

        var tried = Assert.Throws<NatsException>(() => NatsSubscriber.Connect(
            elsewhere, credentials with { AllowPlaintext = true }, TimeSpan.FromMilliseconds(50)));
        Assert.False(tried.IsRefused);
        Assert.StartsWith("cannot connect to 192.0.2.1", tried.Message, StringComparison.Ordinal);
    }
}
