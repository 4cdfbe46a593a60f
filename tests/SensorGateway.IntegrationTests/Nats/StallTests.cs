using SensorGateway.Nats;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats;

public sealed class StallTests
{
    private static readonly TimeSpan Liveness = TimeSpan.FromMilliseconds(1200);

    [Theory]
    [InlineData(NatsDelivery.Core)]
    [InlineData(NatsDelivery.Fenced)]
    public void Publish_OneServerStandsStill_OtherConnectionGoesOnAndTheStallIsNoticed(NatsDelivery delivery)
    {
        using var stuckServer = NatsServerProcess.Start();
        using var server = NatsServerProcess.Start();
        using var reader = new NumberReader(server.Endpoint);
        using var stuck = new TestPublisher(Options(stuckServer) with { Delivery = delivery });
        using var other = new TestPublisher(Options(server) with { Delivery = delivery }, index: 1);
        stuck.WaitConnected();
        other.WaitConnected();

        stuckServer.Suspend();
        stuck.Publish(TimeSpan.FromSeconds(1));
        stuck.Step();
        var noticed = false;
        for (var i = 0; i < 500 && !noticed; i++)
        {
            other.PublishPaced(20, perSecond: 2000);
            stuck.Step();
            noticed = stuck.Connection.State != NatsConnectionState.Connected;
        }

        Assert.True(noticed, "the stall was not noticed");
        Assert.Contains("the server did not answer a PING within 1200ms", stuck.Connection.LastError, StringComparison.Ordinal);
        other.WaitDelivered();
        Assert.True(reader.WaitFor(other.NextNumber), $"{reader.Distinct} of {other.NextNumber} arrived");
        Assert.Equal(0, other.Connection.Reconnects);

        stuckServer.Resume();
        stuck.WaitConnected();
        stuck.WaitDelivered();
        Assert.InRange(stuck.Connection.Reconnects, 1, long.MaxValue);
    }

    [Fact]
    public void Publish_ServerTakesNoBytes_IsCutAndNothingIsLost()
    {
        using var server = NatsServerProcess.Start();
        using var reader = new NumberReader(server.Endpoint);
        using var proxy = new CutProxy(server.Port);
        using var publisher = new TestPublisher(
            TestPublisher.Options(proxy.Endpoint) with { LivenessTimeout = Liveness, SendLogBytes = 32 << 20 });
        publisher.WaitConnected();
        proxy.Pause();
        var blocked = false;
        for (var i = 0; i < 120_000 && !blocked; i++)
        {
            publisher.Publish(TimeSpan.FromSeconds(5));
            blocked = i % 64 == 0 && publisher.Connection.Flush(System.Diagnostics.Stopwatch.GetTimestamp())
                == NatsFlushResult.Blocked;
        }

        Assert.True(blocked, "the socket never filled up");
        Assert.NotEqual(-1, publisher.Connection.PollDescriptor);
        publisher.WaitUntil(() => publisher.Connection.State != NatsConnectionState.Connected, "the stall to be noticed");
        proxy.CutAll();
        proxy.Resume();
        publisher.WaitDelivered();

        Assert.True(reader.WaitFor(publisher.NextNumber), $"{reader.Distinct} of {publisher.NextNumber} arrived");
        Assert.Equal(0, reader.OutOfOrder);
    }

    [Fact]
    public void Publish_BytesVanishOnTheWay_IsNoticedAndNothingIsLost()
    {
        using var server = NatsServerProcess.Start();
        using var reader = new NumberReader(server.Endpoint);
        using var proxy = new CutProxy(server.Port);
        using var publisher = new TestPublisher(TestPublisher.Options(proxy.Endpoint) with
        {
            LivenessTimeout = Liveness,
            ConnectTimeout = TimeSpan.FromMilliseconds(500),
        });
        publisher.WaitConnected();
        publisher.PublishPaced(1000, perSecond: 20_000);
        publisher.WaitDelivered();

        proxy.Swallows = true;
        publisher.PublishPaced(1000, perSecond: 20_000);
        publisher.WaitUntil(() => publisher.Connection.State != NatsConnectionState.Connected, "the loss to be noticed");
        Assert.Equal(1000, publisher.Connection.UnconfirmedMessages);
        proxy.Swallows = false;
        proxy.CutAll();
        publisher.WaitDelivered();

        Assert.True(reader.WaitFor(2000), $"{reader.Distinct} of 2000 arrived");
        Assert.Equal(0, reader.OutOfOrder);
    }

    [Fact]
    public void Connection_IdleAndPinged_AnswersAndStaysUp()
    {
        using var server = NatsServerProcess.Start(
            new NatsServerSetup { Configuration = "ping_interval: \"200ms\"\nping_max: 3\n" });
        using var publisher = new TestPublisher(
            TestPublisher.Options(server.Endpoint) with { LivenessTimeout = TimeSpan.FromMinutes(10) });
        publisher.WaitConnected();
        var end = Environment.TickCount64 + 2500;
        publisher.WaitUntil(() => Environment.TickCount64 > end, "the time to pass");

        Assert.Equal(NatsConnectionState.Connected, publisher.Connection.State);
        Assert.Equal(0, publisher.Connection.Reconnects);
        Assert.Null(publisher.Connection.LastError);
    }

    private static NatsOptions Options(NatsServerProcess server) => TestPublisher.Options(server.Endpoint) with
    {
        LivenessTimeout = Liveness,
        ConnectTimeout = TimeSpan.FromMilliseconds(1000),
    };
}
