using System.Runtime.Versioning;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing.Drivers;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats.Drivers;

/// <summary>Logins with a signature, whichever client carries the alerts.</summary>
[SupportedOSPlatform("linux")]
public abstract class DriverKeyContract(PublishDriver driver)
{
    private const string UserClaim = """{"pub":{},"sub":{},"subs":-1,"data":-1,"payload":-1,"type":"user","version":2}""";

    [Fact]
    public void Connect_NkeyFile_IsAcceptedAndAnotherKeyRefusedUntilTheFileIsReplaced()
    {
        var known = new TestNkey();
        using var server = StartFor(known);
        using var file = new TestSecretFile(new TestNkey().Seed);
        using var publisher = Publisher(server, nkey: file.Path);
        publisher.Publish(1);
        publisher.WaitUntil(() => publisher.Now.State == "refused", "the refusal");
        Assert.Equal(
            $"{server.Url} refused us: Authorization Violation; "
            + $"check that the server knows the public key of {file.Path}",
            publisher.Now.LastError,
            ignoreCase: true);
        Assert.Equal(0, publisher.Connection.SentMessages);

        file.Write(known.Seed);
        publisher.WaitConnected();
        publisher.WaitSettled();
        Assert.Null(publisher.Now.LastError);
        Assert.Equal(1, publisher.Now.Confirmed);
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
        using var server = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = $"operator: {operatorJwt}\nresolver: MEMORY\n"
                + $"resolver_preload: {{ {account.PublicKey}: {accountJwt} }}\n",
        });
        using var file = new TestSecretFile(Creds(stranger.SignClaim(user.PublicKey, UserClaim), user.Seed));
        using var publisher = Publisher(server, creds: file.Path);
        publisher.Publish(1);
        publisher.WaitUntil(() => publisher.Now.State == "refused", "the refusal");
        Assert.Contains($"check that {file.Path} is the user's and not expired", publisher.Now.LastError);

        file.Write(Creds(account.SignClaim(user.PublicKey, UserClaim), user.Seed));
        publisher.WaitConnected();
        publisher.WaitSettled();
        Assert.Equal(1, publisher.Now.Confirmed);
    }

    [Fact]
    public void Connect_NkeyFileUnderTls_IsAccepted()
    {
        var known = new TestNkey();
        using var certificates = new TestCertificates();
        using var server = StartFor(known, certificates.ServerConfiguration(certificates.Issue(["127.0.0.1"])));
        using var file = new TestSecretFile(known.Seed);
        using var publisher = Publisher(
            server, nkey: file.Path, tls: TlsTests.Require(certificates));
        publisher.WaitConnected();
    }

    [Fact]
    public void Connect_NkeyFileToAServerWithoutNonce_SaysSo()
    {
        using var server = NatsServerProcess.Start();
        using var file = new TestSecretFile(new TestNkey().Seed);
        ExpectRefusal(server, file, "the server asks for no signature");
    }

    [Fact]
    public void Connect_FilesThatCannotBeUsed_AreNamed()
    {
        var known = new TestNkey();
        using var server = StartFor(known);
        using var file = new TestSecretFile("no seed at all");
        ExpectRefusal(server, file, $"cannot log in with {file.Path}: it has no line that starts with SU");

        file.Write(known.Seed[..^1]);
        ExpectRefusal(server, file, $"cannot log in with {file.Path}: the seed has 57 letters instead of 58");

        file.Write(known.Seed);
        file.SetMode(UnixFileMode.UserRead | UnixFileMode.GroupRead);
        ExpectRefusal(
            server, file, $"{file.Path} has mode 440: users other than its owner have access; run chmod 600 {file.Path}");
    }

    private static NatsServerProcess StartFor(TestNkey known, string more = "") => NatsServerProcess.Start(new NatsServerSetup
    {
        Configuration = $"authorization {{ users = [ {{ nkey: {known.PublicKey} }} ] }}\n{more}",
    });

    private static string Creds(string jwt, string seed) =>
        $"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
        + $"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n";

    private void ExpectRefusal(NatsServerProcess server, TestSecretFile file, string expected)
    {
        using var publisher = Publisher(server, nkey: file.Path);
        publisher.WaitUntil(() => publisher.Now.State == "refused", "the refusal");
        Assert.StartsWith(expected, publisher.Now.LastError, StringComparison.Ordinal);
    }

    private DriverPublisher Publisher(
        NatsServerProcess server, string? nkey = null, string? creds = null, NatsTlsOptions? tls = null) =>
        new(driver, new NatsOptions
        {
            Servers = [server.Endpoint],
            NkeyFile = nkey,
            CredentialsFile = creds,
            Tls = tls ?? NatsTlsOptions.None,
            ReconnectMax = TimeSpan.FromMilliseconds(300),
        });
}
