using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class KeyLoginTests
{
    [Fact]
    public void Connect_NkeyFile_IsAcceptedAndAnotherKeyRefusedUntilTheFileIsReplaced()
    {
        var known = new TestNkey();
        using var server = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = $"authorization {{ users = [ {{ nkey: {known.PublicKey} }} ] }}",
        });
        using var file = new TestSecretFile(new TestNkey().Seed);
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with
        {
            NkeyFile = file.Path,
            ReconnectMax = TimeSpan.FromMilliseconds(300),
        });
        publisher.WaitUntil(() => publisher.Connection.State == NatsConnectionState.Refused, "the refusal");
        Assert.Equal(
            $"{server.Url} refused us: Authorization Violation; "
            + $"check that the server knows the public key of {file.Path}",
            publisher.Connection.LastError);

        file.Write(known.Seed);
        publisher.WaitConnected();
        publisher.Publish(TimeSpan.FromSeconds(1));
        publisher.WaitDelivered();
        Assert.Null(publisher.Connection.LastError);
    }

    [Fact]
    public void Connect_CredentialsFileToAServerWithAnOperator_IsAcceptedAndAStrangersRefused()
    {
        var (op, account, user, stranger) = (
            new TestNkey(TestNkey.Operator), new TestNkey(TestNkey.Account), new TestNkey(),
            new TestNkey(TestNkey.Account));
        var operatorJwt = op.SignClaim(op.PublicKey, """{"type":"operator","version":2}""");
        var accountJwt = op.SignClaim(account.PublicKey, """
            {"limits":{"subs":-1,"data":-1,"payload":-1,"imports":-1,"exports":-1,"wildcards":true,"conn":-1,"leaf":-1},"type":"account","version":2}
            """);
        const string UserClaim = """{"pub":{},"sub":{},"subs":-1,"data":-1,"payload":-1,"type":"user","version":2}""";
        using var server = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = $"operator: {operatorJwt}\nresolver: MEMORY\n"
                + $"resolver_preload: {{ {account.PublicKey}: {accountJwt} }}\n",
        });
        using var file = new TestSecretFile(Creds(account.SignClaim(user.PublicKey, UserClaim), user.Seed));
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with { CredentialsFile = file.Path });
        publisher.WaitConnected();

        file.Write(Creds(stranger.SignClaim(user.PublicKey, UserClaim), user.Seed));
        var refusal = Assert.Throws<NatsException>(() => NatsSubscriber.Connect(
            server.Endpoint, NatsCredentials.None with { CredentialsFile = file.Path }));
        Assert.True(refusal.IsRefused, refusal.Message);
    }

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

    private static string Creds(string jwt, string seed) =>
        $"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
        + $"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n";
}
