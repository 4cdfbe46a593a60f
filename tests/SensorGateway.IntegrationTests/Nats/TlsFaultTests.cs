using System.Diagnostics;
using System.Runtime.Versioning;
using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Nats;

[SupportedOSPlatform("linux")]
public sealed class TlsFaultTests(ITestOutputHelper output)
{
    private static readonly string[] Loopback = ["127.0.0.1"];

    [Fact]
    public void Publish_ConnectionCutTenTimes_NothingIsLostAndOrderHolds()
    {
        const int Cuts = 10;
        using var certificates = new TestCertificates();
        using var server = TlsTests.Start(certificates, certificates.Issue(Loopback));
        using var proxy = new CutProxy(server.Port);
        using var reader = new NumberReader(server.Endpoint, tls: TlsTests.Require(certificates));
        using var publisher = new TestPublisher(
            TestPublisher.Options(proxy.Endpoint) with { Tls = TlsTests.Require(certificates) });
        publisher.WaitConnected();
        for (var cuts = 0; cuts < Cuts;)
        {
            publisher.PublishPaced(3000, perSecond: 20_000);
            cuts += proxy.CutAll() > 0 ? 1 : 0;
        }

        publisher.PublishPaced(3000, perSecond: 20_000);
        publisher.WaitDelivered();

        var count = publisher.NextNumber;
        Assert.True(reader.WaitFor(count), $"{reader.Distinct} of {count} arrived");
        output.WriteLine($"published {count}, received once {reader.Distinct}, duplicates {reader.Duplicates}, "
            + $"lost {count - reader.Distinct}, reordered {reader.OutOfOrder}, reconnects {publisher.Connection.Reconnects}");
        Assert.Equal(0, reader.OutOfOrder);
        Assert.InRange(publisher.Connection.Reconnects, Cuts, Cuts + 5);
        Assert.InRange(reader.Duplicates, 0, publisher.Connection.ResentMessages);
    }

    [Fact]
    public void Publish_ServerTakesNoBytes_FlushNeverWaitsAndNothingIsLost()
    {
        using var certificates = new TestCertificates();
        using var server = TlsTests.Start(certificates, certificates.Issue(Loopback));
        using var reader = new NumberReader(server.Endpoint, tls: TlsTests.Require(certificates));
        using var proxy = new CutProxy(server.Port);
        using var publisher = new TestPublisher(TestPublisher.Options(proxy.Endpoint) with
        {
            Tls = TlsTests.Require(certificates),
            LivenessTimeout = TimeSpan.FromMilliseconds(1200),
            SendLogBytes = 32 << 20,
        });
        publisher.WaitConnected();
        proxy.Pause();
        var blocked = false;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 120_000 && !blocked; i++)
        {
            publisher.Publish(TimeSpan.FromSeconds(5));
            blocked = i % 64 == 0 && publisher.Connection.Flush(Stopwatch.GetTimestamp()) == NatsFlushResult.Blocked;
        }

        Assert.True(blocked, "the socket never filled up");
        Assert.NotEqual(-1, publisher.Connection.PollDescriptor);
        Assert.Equal(NatsConnectionState.Connected, publisher.Connection.State); // It came back long before the cut.
        output.WriteLine($"blocked after {publisher.NextNumber} messages and {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
        publisher.WaitUntil(() => publisher.Connection.State != NatsConnectionState.Connected, "the stall to be noticed");
        proxy.CutAll();
        proxy.Resume();
        publisher.WaitDelivered();

        Assert.True(reader.WaitFor(publisher.NextNumber), $"{reader.Distinct} of {publisher.NextNumber} arrived");
        Assert.Equal(0, reader.OutOfOrder);
    }

    [Fact]
    public void Publish_OneServerStandsStill_OtherConnectionGoesOn()
    {
        using var certificates = new TestCertificates();
        var shown = certificates.Issue(Loopback);
        using var stuckServer = TlsTests.Start(certificates, shown);
        using var server = TlsTests.Start(certificates, shown);
        using var reader = new NumberReader(server.Endpoint, tls: TlsTests.Require(certificates));
        var options = TestPublisher.Options(stuckServer.Endpoint) with
        {
            Tls = TlsTests.Require(certificates),
            LivenessTimeout = TimeSpan.FromMilliseconds(1200),
            ConnectTimeout = TimeSpan.FromSeconds(1),
        };
        using var stuck = new TestPublisher(options);
        using var other = new TestPublisher(options with { Servers = [server.Endpoint] }, index: 1);
        stuck.WaitConnected();
        other.WaitConnected();

        stuckServer.Suspend();
        var noticed = false;
        for (var i = 0; i < 500 && !noticed; i++)
        {
            stuck.Publish(TimeSpan.FromSeconds(1));
            other.PublishPaced(20, perSecond: 2000);
            stuck.Step();
            noticed = stuck.Connection.State != NatsConnectionState.Connected;
        }

        Assert.True(noticed, "the stall was not noticed");
        other.WaitDelivered();
        Assert.True(reader.WaitFor(other.NextNumber), $"{reader.Distinct} of {other.NextNumber} arrived");
        Assert.Equal(0, other.Connection.Reconnects);
        stuckServer.Resume();
        stuck.WaitDelivered();
    }

    [Fact]
    public void Session_GarbageInsteadOfCiphertext_EndsItWithTheReason()
    {
        using var certificates = new TestCertificates();
        using var server = TlsTests.Start(certificates, certificates.Issue(Loopback));
        using var proxy = new CutProxy(server.Port);
        using var publisher = new TestPublisher(TestPublisher.Options(proxy.Endpoint) with
        {
            Tls = TlsTests.Require(certificates),
            LivenessTimeout = TimeSpan.FromSeconds(20),
        });
        publisher.WaitConnected();
        proxy.Inject("this is no TLS record, is it?"u8);
        publisher.WaitUntil(() => publisher.Connection.LastError is not null, "the complaint");
        Assert.DoesNotContain("Object", publisher.Connection.LastError, StringComparison.Ordinal);
        output.WriteLine(publisher.Connection.LastError);
        publisher.WaitConnected();
        publisher.Publish(TimeSpan.FromSeconds(1));
        publisher.WaitDelivered();
    }

    [Fact]
    public void Publish_SteadyStream_AllocatesNextToNothing()
    {
        using var certificates = new TestCertificates();
        using var server = TlsTests.Start(certificates, certificates.Issue(Loopback));
        using var publisher = new TestPublisher(
            TestPublisher.Options(server.Endpoint) with { Tls = TlsTests.Require(certificates) });
        publisher.WaitConnected();
        AppendAndFlush(publisher.Connection, 50_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AppendAndFlush(publisher.Connection, 200_000);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 200_000.0;
        output.WriteLine($"{each:F3} bytes allocated per message on the sending side");
        Assert.InRange(each, 0, 1);
    }

    private static void AppendAndFlush(NatsConnection connection, int count)
    {
        var payload = new byte[128];
        for (var i = 0; i < count;)
        {
            i += connection.TryAppend("alerts.high.a"u8, [], payload) == NatsAppendResult.Appended ? 1 : 0;
            if (i % 16 == 0)
            {
                connection.Flush(Stopwatch.GetTimestamp());
            }
        }
    }
}
