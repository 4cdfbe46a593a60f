using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Cli;

public sealed class CheckTlsTests
{
    [Fact]
    public void Check_TlsServer_IsAskedEncryptedAndMisfitsAreNamed()
    {
        using var certificates = new TestCertificates();
        using var server = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = certificates.ServerConfiguration(certificates.Issue(["127.0.0.1"])),
        });
        using var folder = new GatewayFolder(server.Url);

        Expect(folder, 4, "requires TLS; set publishing.tls.mode: require");
        Expect(folder, 4, "this system's list of authorities does not hold", "publishing.tls.mode=require");
        Expect(folder, 0, "nats-server 2", "publishing.tls.mode=require", $"publishing.tls.ca={certificates.CaFile}");
    }

    [Fact]
    public void Check_ServerBehindTls_IsAskedEncryptedFromTheFirstByte()
    {
        using var certificates = new TestCertificates();
        using var server = NatsServerProcess.Start();
        using var front = new TlsFront(server.Port, certificates.Issue(["127.0.0.1"]));
        using var folder = new GatewayFolder(front.Endpoint.ToString());

        Expect(
            folder, 0, "nats-server 2", "publishing.tls.mode=handshake-first", $"publishing.tls.ca={certificates.CaFile}");
    }

    private static void Expect(GatewayFolder folder, int exitCode, string detail, params string[] sets)
    {
        var (actual, output, error) = GatewayCommand.Run(
            folder.Path, ["check", .. sets.SelectMany(static set => (string[])["--set", set])]);
        Assert.Contains(detail, output + error, StringComparison.Ordinal);
        Assert.Equal(exitCode, actual);
    }
}
