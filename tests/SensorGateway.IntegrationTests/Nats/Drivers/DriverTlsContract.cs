using System.Runtime.Versioning;
using System.Text;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing.Drivers;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats.Drivers;

/// <summary>TLS when asked for is TLS or nothing, whichever client carries the alerts.</summary>
[SupportedOSPlatform("linux")]
public abstract class DriverTlsContract(PublishDriver driver)
{
    private static readonly string[] Loopback = ["127.0.0.1"];

    [Theory]
    [InlineData(NatsDelivery.Core, true)]
    [InlineData(NatsDelivery.Fenced, true)]
    [InlineData(NatsDelivery.Fenced, false)]
    public void Publish_ServerThatRequiresTls_EverythingArrives(NatsDelivery delivery, bool byMode)
    {
        const int Count = 20_000;
        using var certificates = new TestCertificates();
        using var server = TlsTests.Start(certificates, certificates.Issue(Loopback));
        using var reader = new NumberReader(server.Endpoint, tls: TlsTests.Require(certificates));
        var mode = byMode ? NatsTlsMode.Require : NatsTlsMode.Off; // Without it tls:// in the URL must do.
        using var publisher = Publisher(
            server.Endpoint with { RequiresTls = !byMode }, TlsTests.Require(certificates) with { Mode = mode }, delivery);
        publisher.WaitConnected();

        publisher.Publish(Count);
        publisher.WaitSettled();

        Assert.True(reader.WaitFor(Count), $"{reader.Distinct} of {Count} arrived");
        Assert.Equal(0, reader.OutOfOrder);
        Assert.Equal(0, publisher.Now.Reconnects);
    }

    [Fact]
    public void Connect_HandshakeFirst_EverythingArrives()
    {
        using var certificates = new TestCertificates();
        using var server = NatsServerProcess.Start();
        using var front = new TlsFront(server.Port, certificates.Issue(Loopback));
        using var reader = new NumberReader(server.Endpoint);
        using var publisher = Publisher(front.Endpoint, HandshakeFirst(certificates));
        publisher.WaitConnected();
        publisher.Publish(5000);
        publisher.WaitSettled();
        Assert.True(reader.WaitFor(5000), $"{reader.Distinct} arrived");
        Assert.Equal(0, reader.OutOfOrder);
    }

    [Fact]
    public void Cut_TenTimes_LosesAndReordersNothing()
    {
        const int Rounds = 10;
        const int PerRound = 2_000;
        using var certificates = new TestCertificates();
        using var server = TlsTests.Start(certificates, certificates.Issue(Loopback));
        using var proxy = new CutProxy(server.Port);
        using var reader = new NumberReader(server.Endpoint, tls: TlsTests.Require(certificates));
        using var publisher = Publisher(proxy.Endpoint, TlsTests.Require(certificates));
        publisher.WaitConnected();
        for (var round = 0; round < Rounds; round++)
        {
            publisher.Publish(PerRound / 2);
            proxy.CutAll();
            publisher.Publish(PerRound / 2);
            publisher.WaitUntil(() => publisher.Now.Reconnects > round, "the next session");
        }

        publisher.WaitSettled();
        Assert.True(reader.WaitFor(Rounds * PerRound), $"{reader.Distinct} of {Rounds * PerRound} arrived");
        Assert.Equal(0, reader.OutOfOrder);
    }

    [Fact]
    public void Connect_ClientCertificate_IsShownAndItsAbsenceExplained()
    {
        using var certificates = new TestCertificates();
        using var server = TlsTests.Start(certificates, certificates.Issue(Loopback), verify: true);
        ExpectError(
            server.Endpoint, TlsTests.Require(certificates),
            "if it wants a client certificate, name one in publishing.tls.cert and publishing.tls.key");

        var own = certificates.Issue([]);
        using var publisher = Publisher(
            server.Endpoint,
            TlsTests.Require(certificates) with { CertificateFile = own.CertificateFile, KeyFile = own.KeyFile });
        publisher.WaitConnected();
    }

    [Fact]
    public void Connect_CertificatesThatWillNotDo_SaysWhy()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        using var wrongHost = TlsTests.Start(certificates, certificates.Issue(["nats.example", "10.9.9.9"]));
        ExpectError(
            wrongHost.Endpoint, TlsTests.Require(certificates),
            "its certificate is not for 127.0.0.1, but for nats.example, 10.9.9.9;", refused: true);
        using var expired = TlsTests.Start(certificates, certificates.Issue(Loopback, validDays: -3));
        ExpectError(expired.Endpoint, TlsTests.Require(certificates), "its certificate expired on 20", refused: true);
        ExpectError(
            wrongHost.Endpoint, TlsTests.Require(others),
            $"its certificate is issued by CN=Test authority, which {others.CaFile} does not hold;", refused: true);
        ExpectError(
            wrongHost.Endpoint, new NatsTlsOptions { Mode = NatsTlsMode.Require },
            "which this system's list of authorities does not hold;", refused: true);

        using var front = new TlsFront(wrongHost.Port, certificates.Issue(["nats.example"]));
        ExpectError(
            front.Endpoint, HandshakeFirst(certificates),
            "its certificate is not for 127.0.0.1, but for nats.example;", refused: true);
    }

    [Fact]
    public void Connect_HostByName_IsVerifiedAgainstTheNameAndNotTheAddress()
    {
        using var certificates = new TestCertificates();
        using var named = TlsTests.Start(certificates, certificates.Issue(["localhost"]));
        using var numbered = TlsTests.Start(certificates, certificates.Issue(Loopback));
        using var publisher = Publisher(new NatsEndpoint("localhost", named.Port), TlsTests.Require(certificates));
        publisher.WaitConnected();

        ExpectError(
            new NatsEndpoint("localhost", numbered.Port), TlsTests.Require(certificates),
            "its certificate is not for localhost, but for 127.0.0.1;", refused: true);
    }

    [Fact]
    public void Connect_AuthorityReplacedInItsFile_IsReadAtTheNextLogin()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        using var server = TlsTests.Start(certificates, certificates.Issue(Loopback));
        using var publisher = Publisher(server.Endpoint, TlsTests.Require(others));
        publisher.WaitUntil(() => publisher.Now.State == "refused", "the refusal");

        File.Copy(certificates.CaFile, others.CaFile, overwrite: true);

        publisher.WaitConnected();
        Assert.Null(publisher.Now.LastError);
    }

    [Fact]
    public void Connect_ServerWithoutTls_IsRefusedAndHearsNothing()
    {
        using var plain = new Eavesdropper("INFO {\"max_payload\":1048576,\"headers\":true}\r\n", afterHello: false);
        ExpectError(
            plain.Endpoint, new NatsTlsOptions { Mode = NatsTlsMode.Require },
            "offers no TLS, which publishing.tls.mode asks for; nothing was sent to it.", refused: true);
        ExpectError(plain.Endpoint with { RequiresTls = true }, NatsTlsOptions.None, "offers no TLS", refused: true);
        Assert.Equal("", plain.Heard);

        using var server = NatsServerProcess.Start();
        ExpectError(
            server.Endpoint, new NatsTlsOptions { Mode = NatsTlsMode.HandshakeFirst },
            "if it encrypts only after its INFO, set publishing.tls.mode: require");
    }

    [Fact]
    public void Connect_ServerThatRequiresTlsWithoutItBeingAskedFor_SaysWhatToSet()
    {
        using var certificates = new TestCertificates();
        using var server = TlsTests.Start(certificates, certificates.Issue(Loopback));
        ExpectError(server.Endpoint, NatsTlsOptions.None, "requires TLS; set publishing.tls.mode: require", refused: true);
    }

    [Fact]
    public void Connect_HandshakeFailsBeforePlainNats_SendsNothingInTheClear()
    {
        using var server = new Eavesdropper(
            "this is no TLS record\r\nINFO {\"max_payload\":1048576,\"headers\":true}\r\n", afterHello: true);
        using var publisher = Publisher(
            server.Endpoint with { Credentials = new NatsCredentials("edge", "secret", null) },
            new NatsTlsOptions { Mode = NatsTlsMode.HandshakeFirst });
        publisher.Publish(1);

        publisher.WaitUntil(() => server.Accepted >= 2, "a second try");

        Assert.Contains("the TLS handshake failed", publisher.Now.LastError);
        Assert.DoesNotContain("CONNECT", server.Heard);
        Assert.DoesNotContain("secret", server.Heard);
        Assert.Equal(0, publisher.Connection.SentMessages);
    }

    [Fact]
    public void Connect_ServerThatSaysMoreBeforeTls_IsNotBelieved()
    {
        using var server = new Eavesdropper("INFO {\"tls_required\":true}\r\n+OK\r\nPONG\r\n", afterHello: false);
        using var publisher = Publisher(server.Endpoint, new NatsTlsOptions { Mode = NatsTlsMode.Require });
        publisher.Publish(1);

        publisher.WaitUntil(() => server.Accepted >= 2, "a second try");

        Assert.DoesNotContain("CONNECT", server.Heard);
        Assert.Equal(0, publisher.Connection.SentMessages);
        Assert.Equal("connecting", publisher.Now.State);
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
        using var server = TlsTests.Start(certificates, certificates.Issue(Loopback));
        var own = certificates.Issue([]);
        var other = certificates.Issue([]);
        var require = TlsTests.Require(certificates);
        ExpectError(server.Endpoint, require with { CaFile = "/nowhere/ca.pem" }, "cannot read certificates of /nowhere/ca.pem", true);
        ExpectError(server.Endpoint, require with { CaFile = own.KeyFile }, $"{own.KeyFile} holds no certificate", true);
        ExpectError(
            server.Endpoint, require with { CertificateFile = own.CertificateFile, KeyFile = other.KeyFile },
            $"{other.KeyFile} holds no key without a passphrase that fits the certificate", true);
        File.SetUnixFileMode(own.KeyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        ExpectError(
            server.Endpoint, require with { CertificateFile = own.CertificateFile, KeyFile = own.KeyFile },
            $"run chmod 600 {own.KeyFile}", true);
    }

    [Fact]
    public void Connect_PasswordForAnotherHostUnderTls_MayGoThere()
    {
        // An address for documentation: nobody is there, so a dial that is allowed runs out of time.
        var elsewhere = new NatsEndpoint("192.0.2.1", 4222) { Credentials = new NatsCredentials("edge", "secret", null) };
        ExpectError(elsewhere, new NatsTlsOptions { Mode = NatsTlsMode.Require }, "cannot connect to ");
    }

    private static NatsTlsOptions HandshakeFirst(TestCertificates certificates) =>
        TlsTests.Require(certificates) with { Mode = NatsTlsMode.HandshakeFirst };

    private void ExpectError(NatsEndpoint endpoint, NatsTlsOptions tls, string expected, bool refused = false)
    {
        using var publisher = Publisher(endpoint, tls);
        publisher.Publish(1);

        // On a busy machine the first handshakes may take longer than they may.
        publisher.WaitUntil(
            () => publisher.Now.LastError?.Contains(expected, StringComparison.Ordinal) == true, $"the complaint that {expected}");
        if (refused)
        {
            publisher.WaitUntil(() => publisher.Now.State == "refused", "the refusal");
        }

        Assert.Equal((0, 1), (publisher.Connection.SentMessages, publisher.Now.Unconfirmed));
    }

    private DriverPublisher Publisher(
        NatsEndpoint endpoint, NatsTlsOptions tls, NatsDelivery delivery = NatsDelivery.Fenced) => new(driver, new NatsOptions
        {
            Servers = [endpoint],
            Tls = tls,
            Delivery = delivery,
            ConnectTimeout = TimeSpan.FromMilliseconds(700),
            ReconnectMax = TimeSpan.FromMilliseconds(300),
        });

    /// <summary>Says its piece, at once or after the first bytes came, and remembers all that it hears.</summary>
    private sealed class Eavesdropper : IDisposable
    {
        private readonly StringBuilder _heard = new();
        private readonly StrangeServer _server;

        public Eavesdropper(string piece, bool afterHello) => _server = new StrangeServer(socket =>
        {
            var buffer = new byte[4096];
            var waits = afterHello;
            if (!waits)
            {
                socket.Send(Encoding.ASCII.GetBytes(piece));
            }

            while (socket.Receive(buffer) is > 0 and var bytes)
            {
                lock (_heard)
                {
                    _heard.Append(Encoding.Latin1.GetString(buffer, 0, bytes));
                }

                // One line after another, so that a handshake has failed before the next comes.
                foreach (var line in waits ? piece.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [])
                {
                    socket.Send(Encoding.ASCII.GetBytes(line + "\n"));
                    Thread.Sleep(200);
                }

                waits = false;
            }
        });

        public NatsEndpoint Endpoint => _server.Endpoint;

        public int Accepted => _server.Accepted;

        public string Heard
        {
            get
            {
                lock (_heard)
                {
                    return _heard.ToString();
                }
            }
        }

        public void Dispose() => _server.Dispose();
    }
}
