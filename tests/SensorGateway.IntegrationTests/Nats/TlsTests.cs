using System.Runtime.Versioning;
using System.Text;
using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats;

[SupportedOSPlatform("linux")]
public sealed class TlsTests
{
    private static readonly string[] Loopback = ["127.0.0.1"];

    [Theory]
    [InlineData(NatsDelivery.Fenced)]
    [InlineData(NatsDelivery.Core)]
    [InlineData(NatsDelivery.JetStream)]
    public void Publish_ServerThatRequiresTls_EverythingArrives(NatsDelivery delivery)
    {
        const int Count = 20_000;
        using var certificates = new TestCertificates();
        using var server = Start(certificates, certificates.Issue(Loopback), jetStream: true);
        var tls = Require(certificates);
        using var subscriber = NatsSubscriber.Connect(server.Endpoint, tls: tls);
        subscriber.Subscribe("alerts.>");
        using var publisher = new TestPublisher(
            TestPublisher.Options(server.Endpoint) with { Tls = tls, Delivery = delivery });
        publisher.WaitConnected();
        if (delivery == NatsDelivery.JetStream)
        {
            using var admin = new StreamAdmin(server.Endpoint, tls: tls);
            admin.Create("ALERTS");
        }

        publisher.PublishFast(Count);
        publisher.WaitDelivered();
        Assert.True(publisher.Connection.TryDrain(TimeSpan.FromSeconds(10)));
        for (var i = 0; i < Count; i++)
        {
            Assert.True(subscriber.TryRead(out var message, TimeSpan.FromSeconds(10)), $"{i} arrived; {subscriber.LastError}");
            Assert.Equal(i, System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(message.Payload));
        }

        Assert.Equal(0, publisher.Connection.Reconnects);
    }

    [Fact]
    public void Connect_HandshakeFirst_EverythingArrives()
    {
        using var certificates = new TestCertificates();
        using var server = NatsServerProcess.Start();
        using var front = new TlsFront(server.Port, certificates.Issue(Loopback));
        using var reader = new NumberReader(server.Endpoint);
        using var publisher = new TestPublisher(TestPublisher.Options(front.Endpoint) with
        {
            Tls = Require(certificates) with { Mode = NatsTlsMode.HandshakeFirst },
        });
        publisher.WaitConnected();
        publisher.PublishFast(5000);
        publisher.WaitDelivered();
        Assert.True(reader.WaitFor(5000), $"{reader.Distinct} arrived");
        Assert.Equal(0, reader.OutOfOrder);
    }

    [Fact]
    public void Connect_ClientCertificate_IsShownAndItsAbsenceExplained()
    {
        using var certificates = new TestCertificates();
        using var server = Start(certificates, certificates.Issue(Loopback), verify: true);
        ExpectError(
            server.Endpoint, Require(certificates),
            "if it wants a client certificate, name one in publishing.tls.cert and publishing.tls.key");

        var own = certificates.Issue([]);
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with
        {
            Tls = Require(certificates) with { CertificateFile = own.CertificateFile, KeyFile = own.KeyFile },
        });
        publisher.WaitConnected();
    }

    [Fact]
    public void Connect_CertificatesThatWillNotDo_SaysWhy()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        using var wrongHost = Start(certificates, certificates.Issue(["nats.example", "10.9.9.9"]));
        ExpectError(
            wrongHost.Endpoint, Require(certificates), "its certificate is not for 127.0.0.1, but for nats.example, 10.9.9.9;",
            refused: true);
        using var expired = Start(certificates, certificates.Issue(Loopback, validDays: -3));
        ExpectError(expired.Endpoint, Require(certificates), "its certificate expired on 20", refused: true);
        ExpectError(
            wrongHost.Endpoint, Require(others),
            $"its certificate is issued by CN=Test authority, which {others.CaFile} does not hold;", refused: true);
        ExpectError(
            wrongHost.Endpoint, new NatsTlsOptions { Mode = NatsTlsMode.Require },
            "which this system's list of authorities does not hold;", refused: true);
    }

    [Fact]
    public void Connect_ServerWithoutTls_IsRefusedAndHearsNothing()
    {
        var heard = new StringBuilder();
        using var plain = new StrangeServer(socket =>
        {
            socket.Send("INFO {\"max_payload\":1048576,\"headers\":true}\r\n"u8);
            var buffer = new byte[1024];
            while (socket.Receive(buffer) is > 0 and var bytes)
            {
                lock (heard)
                {
                    heard.Append(Encoding.Latin1.GetString(buffer, 0, bytes));
                }
            }
        });
        ExpectError(
            plain.Endpoint, new NatsTlsOptions { Mode = NatsTlsMode.Require },
            "offers no TLS, which publishing.tls.mode asks for; nothing was sent to it.", refused: true);
        ExpectError(
            plain.Endpoint with { RequiresTls = true }, NatsTlsOptions.None, "offers no TLS", refused: true);
        Assert.Equal("", heard.ToString());

        using var server = NatsServerProcess.Start();
        ExpectError(
            server.Endpoint, new NatsTlsOptions { Mode = NatsTlsMode.HandshakeFirst },
            "if it encrypts only after its INFO, set publishing.tls.mode: require");
    }

    [Fact]
    public void Connect_ServerThatSaysMoreBeforeTls_IsNotBelieved()
    {
        using var server = new StrangeServer(
            static socket => socket.Send("INFO {\"tls_required\":true}\r\n+OK\r\nPONG\r\n"u8));
        ExpectError(server.Endpoint, new NatsTlsOptions { Mode = NatsTlsMode.Require }, "sent bytes between its INFO and TLS");
    }

    [Fact]
    public void Connect_ServerThatNeverShakesHands_IsGivenUpInTime()
    {
        using var server = new StrangeServer(static socket => socket.Send("INFO {\"tls_required\":true}\r\n"u8));
        ExpectError(
            server.Endpoint, new NatsTlsOptions { Mode = NatsTlsMode.Require },
            "did not finish the TLS handshake within 700ms");
    }

    [Fact]
    public void Connect_FilesThatCannotBeUsed_AreNamed()
    {
        using var certificates = new TestCertificates();
        using var server = Start(certificates, certificates.Issue(Loopback));
        var own = certificates.Issue([]);
        var other = certificates.Issue([]);
        ExpectError(server.Endpoint, Require(certificates) with { CaFile = "/nowhere/ca.pem" }, "cannot read certificates of /nowhere/ca.pem", true);
        ExpectError(server.Endpoint, Require(certificates) with { CaFile = own.KeyFile }, $"{own.KeyFile} holds no certificate", true);
        ExpectError(
            server.Endpoint, Require(certificates) with { CertificateFile = own.CertificateFile, KeyFile = other.KeyFile },
            $"{other.KeyFile} holds no key without a passphrase that fits the certificate", true);
        File.SetUnixFileMode(own.KeyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        ExpectError(
            server.Endpoint, Require(certificates) with { CertificateFile = own.CertificateFile, KeyFile = own.KeyFile },
            $"run chmod 600 {own.KeyFile}", true);
    }

    [Fact]
    public void Reconnect_DiscoveredServer_IsVerifiedAgainstTheConfiguredName()
    {
        using var certificates = new TestCertificates();
        var named = certificates.Issue(["localhost"]); // Neither server's certificate has an address in it.
        var route = NatsServerProcess.FreePort();
        using var seed = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = $"cluster {{ name: c, listen: \"127.0.0.1:{route}\" }}\n" + certificates.ServerConfiguration(named),
        });
        using var other = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = $"cluster {{ name: c, listen: \"127.0.0.1:{NatsServerProcess.FreePort()}\", "
                + $"routes: [ \"nats://127.0.0.1:{route}\" ] }}\n" + certificates.ServerConfiguration(named),
        });
        using var publisher = new TestPublisher(
            TestPublisher.Options(new NatsEndpoint("localhost", seed.Port)) with { Tls = Require(certificates) });
        publisher.WaitConnected();
        publisher.WaitUntil(() => seed.Output.Contains("Route connection created", StringComparison.Ordinal), "the cluster");
        publisher.PublishPaced(2000, perSecond: 2000); // Long enough for the news to arrive.
        seed.Kill();
        publisher.WaitUntil(() => publisher.Connection.ConnectedEndpoint == other.Url, "the move");
        publisher.WaitDelivered();
    }

    internal static NatsTlsOptions Require(TestCertificates certificates) =>
        new() { Mode = NatsTlsMode.Require, CaFile = certificates.CaFile };

    internal static NatsServerProcess Start(
        TestCertificates certificates, CertificateFiles shown, bool verify = false, bool jetStream = false) =>
        NatsServerProcess.Start(new NatsServerSetup
        {
            JetStream = jetStream,
            Configuration = certificates.ServerConfiguration(shown, verify),
        });

    private static void ExpectError(NatsEndpoint endpoint, NatsTlsOptions tls, string expected, bool refused = false)
    {
        using var publisher = new TestPublisher(TestPublisher.Options(endpoint) with
        {
            Tls = tls,
            ConnectTimeout = TimeSpan.FromMilliseconds(700),
        });
        publisher.Publish(TimeSpan.FromSeconds(1));
        publisher.WaitUntil(() => publisher.Connection.LastError is not null, "the complaint");
        Assert.Contains(expected, publisher.Connection.LastError, StringComparison.Ordinal);
        if (refused)
        {
            publisher.WaitUntil(() => publisher.Connection.State == NatsConnectionState.Refused, "the refusal");
        }

        Assert.Equal((0, 1), (publisher.Connection.SentMessages, publisher.Connection.UnconfirmedMessages));
    }
}
