using System.Diagnostics;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Publishing.Drivers;
using SensorGateway.TestKit.Nats;

namespace SensorGateway.IntegrationTests.Nats.Drivers;

/// <summary>What publishing relies on, whichever client carries the alerts. Each driver's tests are a subclass.</summary>
public abstract class DriverContract(PublishDriver driver)
{
    [Theory]
    [InlineData(NatsDelivery.Core)]
    [InlineData(NatsDelivery.Fenced)]
    public void Publish_TwentyThousand_AllArriveInOrderAndAreCounted(NatsDelivery delivery)
    {
        const int Count = 20_000;
        using var server = NatsServers.Start();
        using var reader = new NumberReader(server.Endpoint);
        using var publisher = Publisher(OptionsFor(server.Endpoint) with { Delivery = delivery, SendLogBytes = 1 << 20 });
        publisher.WaitConnected();

        publisher.Publish(Count);
        publisher.WaitSettled();

        Assert.True(reader.WaitFor(Count), $"{reader.Distinct} of {Count} arrived");
        Assert.Equal(0, reader.OutOfOrder);
        Assert.Equal(0, reader.Duplicates);
        var now = publisher.Now;
        Assert.Equal(Count, now.Appended);
        Assert.Equal(Count, publisher.Connection.SentMessages);
        Assert.Equal(delivery == NatsDelivery.Fenced ? Count : 0, now.Confirmed);
        Assert.Equal(delivery == NatsDelivery.Core ? Count : 0, now.SentUnconfirmed);
        Assert.Equal(0, now.Unconfirmed);
        Assert.Equal(0, now.UnconfirmedBytes);
        Assert.Equal(0, now.Resent);
        Assert.Equal(server.Url, now.Endpoint);
        Assert.Equal(FlushResult.Idle, publisher.Step());
        Assert.Equal(Count, publisher.Connection.SettledThrough);
        Assert.False(publisher.Connection.HasBacklog);
    }

    [Fact]
    public void Cut_TwentyTimesUnderLoad_LosesAndReordersNothing()
    {
        const int Rounds = 20;
        const int PerRound = 2_000;
        using var server = NatsServers.Start();
        using var proxy = new CutProxy(server.Endpoint.Port);
        using var reader = new NumberReader(server.Endpoint);
        using var publisher = Publisher(OptionsFor(proxy.Endpoint));
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
        Assert.Equal(Rounds * PerRound, publisher.Now.Confirmed);
        Assert.InRange(publisher.Now.Resent, reader.Duplicates, long.MaxValue);
        Assert.Equal(Rounds * PerRound, publisher.Connection.SentMessages); // Resends are not counted again.
    }

    [Fact]
    public void Confirmed_BeforeTheServerHasRead_StaysZero()
    {
        using var server = NatsServers.Start();
        using var proxy = new CutProxy(server.Endpoint.Port);
        using var reader = new NumberReader(server.Endpoint);
        using var publisher = Publisher(OptionsFor(proxy.Endpoint));
        publisher.WaitConnected();
        proxy.Pause();

        publisher.Publish(10);
        publisher.WaitUntil(() => publisher.Connection.SentMessages == 10, "sending");
        var until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 2);
        while (Stopwatch.GetTimestamp() < until)
        {
            publisher.Step();
            Assert.Equal(0, publisher.Now.Confirmed);
            Assert.Equal(0, publisher.Connection.SettledMessages);
        }

        Assert.Equal(10, publisher.Now.Unconfirmed);
        Assert.InRange(publisher.Connection.KeptBytes, 10 * 128, 10 * 256);
        proxy.Resume();
        publisher.WaitSettled();
        Assert.Equal(10, publisher.Now.Confirmed);
        Assert.True(reader.WaitFor(10));
    }

    [Fact]
    public void Swallow_WithoutReset_IsNoticedAndNothingIsLost()
    {
        using var server = NatsServers.Start();
        using var proxy = new CutProxy(server.Endpoint.Port);
        using var reader = new NumberReader(server.Endpoint);
        using var publisher = Publisher(
            OptionsFor(proxy.Endpoint) with { LivenessTimeout = TimeSpan.FromMilliseconds(600) });
        publisher.WaitConnected();
        proxy.Swallows = true;
        publisher.Publish(100);
        publisher.WaitUntil(() => publisher.Now.State != "connected", "the dead link");

        proxy.Swallows = false;
        publisher.WaitSettled();

        Assert.True(reader.WaitFor(100));
        Assert.Equal(0, reader.OutOfOrder);
    }

    [Fact]
    public void Connect_WrongPasswordThenRight_IsRefusedThenDelivers()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { User = "edge", Password = "old" });
        using var publisher = Publisher(OptionsFor(server.Endpoint) with
        {
            User = "edge",
            Password = "new",
            ReconnectMax = TimeSpan.FromMilliseconds(300),
        });
        publisher.Publish(1);
        publisher.WaitUntil(() => publisher.Now.State == "refused", "the refusal");
        Assert.Equal(
            $"{server.Url} refused us: authorization violation; check user, password or token",
            publisher.Now.LastError,
            ignoreCase: true);
        Assert.Equal(1, publisher.Now.Unconfirmed);

        server.Reconfigure(new NatsServerSetup { User = "edge", Password = "new" });
        server.Restart();
        publisher.WaitConnected();
        publisher.WaitSettled();

        Assert.Null(publisher.Now.LastError);
        Assert.Equal(1, publisher.Now.Confirmed);
    }

    [Fact]
    public void Connect_PasswordForAnotherHostInTheClear_IsNotSent()
    {
        using var publisher = Publisher(OptionsFor(new NatsEndpoint("192.0.2.1", 4222)) with { User = "edge", Password = "secret" });

        publisher.WaitUntil(() => publisher.Now.State == "refused", "the refusal");

        Assert.StartsWith(
            "nats://192.0.2.1:4222: a password or token would travel unencrypted to 192.0.2.1", publisher.Now.LastError);
    }

    [Fact]
    public void TryAppend_WhatCannotBeSent_IsRefusedAtOnce()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { Configuration = "max_payload: 5000\n" });
        using var publisher = Publisher(OptionsFor(server.Endpoint));
        publisher.WaitConnected();

        Assert.Equal(5000, publisher.Now.MaxPayloadBytes);
        Assert.Equal(AppendResult.TooLarge, publisher.Connection.TryAppend("a"u8, new byte[5001]));
        Assert.Equal(AppendResult.BadSubject, publisher.Connection.TryAppend("a b"u8, [1]));
        Assert.Equal(AppendResult.BadSubject, publisher.Connection.TryAppend("a.*"u8, [1]));
        Assert.Equal(AppendResult.BadSubject, publisher.Connection.TryAppend([], [1]));
        Assert.Equal(AppendResult.Appended, publisher.Connection.TryAppend("a"u8, new byte[5000]));
        publisher.WaitSettled();
        Assert.Equal(1, publisher.Now.Confirmed);
    }

    [Fact]
    public void Flush_MessageFromBeforeTheLimitWasKnown_IsDroppedAndCounted()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup { Configuration = "max_payload: 5000\n" });
        server.Kill();
        using var publisher = Publisher(OptionsFor(server.Endpoint));
        Assert.Equal(AppendResult.Appended, publisher.Connection.TryAppend("alerts.a"u8, new byte[6000]));
        Assert.Equal(AppendResult.Appended, publisher.Connection.TryAppend("alerts.a"u8, new byte[100]));

        server.Restart();
        publisher.WaitConnected();
        publisher.WaitSettled();

        Assert.Equal(1, publisher.Now.DroppedTooLarge);
        Assert.Equal(1, publisher.Now.Confirmed);
        Assert.Equal(1, publisher.Connection.SentMessages);
    }

    [Fact]
    public void TryAppend_WhileNobodyListens_FillsUpAndDeliversLater()
    {
        using var server = NatsServerProcess.Start();
        server.Kill();
        using var publisher = Publisher(OptionsFor(server.Endpoint) with { SendLogBytes = 64 * 1024 });
        var kept = 0;
        while (publisher.Connection.TryAppend("alerts.a"u8, Numbered(kept)) == AppendResult.Appended)
        {
            kept++;
            Assert.InRange(kept, 1, 1000);
        }

        Assert.Equal(FlushResult.Down, publisher.Step());
        Assert.Equal(kept, publisher.Connection.KeptMessages);
        Assert.InRange(publisher.Connection.FreeShare, 0, 0.1);
        var scratch = new byte[1024];
        for (var ordinal = 0; ordinal < kept; ordinal++)
        {
            Assert.True(publisher.Connection.TryCopyKept(ordinal, scratch, out var subject, out var payload));
            Assert.True(scratch.AsSpan(subject).SequenceEqual("alerts.a"u8));
            Assert.True(scratch.AsSpan(payload).SequenceEqual(Numbered(ordinal)));
        }

        Assert.False(publisher.Connection.TryCopyKept(kept, scratch, out _, out _));
        publisher.WaitUntil(() => publisher.Now.LastError is not null, "the reason");
        Assert.StartsWith("cannot connect to", publisher.Now.LastError);
        server.Restart();
        using var reader = new NumberReader(server.Endpoint);
        publisher.WaitSettled();
        Assert.Equal(kept, publisher.Now.Confirmed);
        publisher.WaitUntil(() => publisher.Connection.KeptMessages == 0, "a flush that lets go of them");
    }

    [Fact]
    public void Publish_ToAForbiddenSubject_IsCountedAndNotConfirmed()
    {
        using var server = NatsServerProcess.Start(new NatsServerSetup
        {
            Configuration = "authorization { users = [ { user: u, password: p, permissions: { publish: [\"alerts.>\"], subscribe: { deny: [\">\"] } } } ] }\n",
        });
        using var publisher = Publisher(OptionsFor(server.Endpoint) with { User = "u", Password = "p" });
        publisher.WaitConnected();

        Assert.Equal(AppendResult.Appended, publisher.Connection.TryAppend("other.a"u8, [1]));
        Assert.Equal(AppendResult.Appended, publisher.Connection.TryAppend("alerts.a"u8, [1]));
        publisher.WaitUntil(() => publisher.Now.PermissionViolations == 1, "the complaint");
        publisher.WaitSettled();

        Assert.Equal(1, publisher.Now.SubjectForbidden);
        Assert.Equal(1, publisher.Now.Confirmed);
        Assert.Equal("connected", publisher.Now.State);
    }

    private static byte[] Numbered(int number)
    {
        var payload = new byte[128];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(payload, number);
        return payload;
    }

    private static NatsOptions OptionsFor(NatsEndpoint server) => new() { Servers = [server] };

    private DriverPublisher Publisher(NatsOptions options) => new(driver, options);
}
