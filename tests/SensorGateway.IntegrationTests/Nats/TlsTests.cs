using System.Runtime.Versioning;
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
    public void Connect_ServerThatSaysMoreBeforeTls_IsNamed()
    {
        using var server = new StrangeServer(
            static socket => socket.Send("INFO {\"tls_required\":true}\r\n+OK\r\nPONG\r\n"u8));
        using var publisher = new TestPublisher(TestPublisher.Options(server.Endpoint) with
        {
            Tls = new NatsTlsOptions { Mode = NatsTlsMode.Require },
        });
        publisher.WaitUntil(() => publisher.Connection.LastError is not null, "the complaint");
        Assert.Contains("sent bytes between its INFO and TLS", publisher.Connection.LastError, StringComparison.Ordinal);
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
}
