using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Nats;

namespace SensorGateway.Tests.Nats;

/// <summary>The sending side of a connection that was never started.</summary>
public sealed class NatsConnectionOfflineTests
{
    [Fact]
    public void TryAppend_WhatCanNeverBeSent_IsRefusedBeforeTheLog()
    {
        using var connection = Create(1 << 16);
        Assert.Equal(NatsAppendResult.BadSubject, connection.TryAppend("a b"u8, [], []));
        Assert.Equal(NatsAppendResult.BadHeaders, connection.TryAppend("a"u8, "X: 1\r\n\r\n"u8, []));
        Assert.Equal(NatsAppendResult.BadHeaders, connection.TryAppend("a"u8, "NATS/1.0\r\nX: 1\r\n"u8, []));
        Assert.Equal(NatsAppendResult.TooLarge, connection.TryAppend("a"u8, [], new byte[1 << 16])); // Above the log.
        // Above max_payload.
        Assert.Equal(NatsAppendResult.TooLarge, connection.TryAppend("a"u8, [], new byte[(1 << 20) + 1]));
        Assert.Equal(0, connection.AppendedMessages);
        Assert.False(connection.HasUnsent);
    }

    [Fact]
    public void TryAppend_WithoutConnection_FillsTheLogThenSaysFull()
    {
        using var connection = Create(1 << 16);
        var payload = new byte[1000];
        var taken = 0;
        NatsAppendResult result;
        while ((result = connection.TryAppend("a"u8, [], payload)) == NatsAppendResult.Appended)
        {
            taken++;
        }

        Assert.Equal(NatsAppendResult.LogFull, result);
        Assert.InRange(taken, 60, 65);
        Assert.Equal(taken, connection.AppendedMessages);
        Assert.Equal(taken, connection.UnconfirmedMessages);
        Assert.Equal(taken * ("PUB a 1000\r\n\r\n".Length + 1000), connection.UnconfirmedBytes);
        Assert.Equal(NatsFlushResult.Down, connection.Flush(Stopwatch.GetTimestamp()));
        Assert.Equal(long.MaxValue, connection.NextFenceDueTicks);
        Assert.Equal(-1, connection.PollDescriptor);
        Assert.False(connection.TryDrain(TimeSpan.FromMilliseconds(5)));
    }

    [Theory]
    [InlineData(1, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(1 << 20, 1 << 20)]
    public void SendLogBytes_AnyNumber_IsRoundedUpToAPowerOfTwo(int asked, int given)
    {
        using var connection = Create(asked);
        Assert.Equal(given, connection.SendLogBytes);
    }

    [Fact]
    public void Constructor_NoServer_IsAnError()
    {
        var options = new NatsOptions { Servers = [] };
        Assert.Throws<ArgumentException>(() => new NatsConnection(options, 0, () => { }, NullLogger.Instance));
    }

    [Fact]
    public void TryAppend_SteadyState_AllocatesNothing()
    {
        using var connection = Create(1 << 22);
        var payload = new byte[128];
        for (var i = 0; i < 1000; i++)
        {
            connection.TryAppend("alerts.high.s"u8, [], payload);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            connection.TryAppend("alerts.high.s"u8, [], payload);
            connection.Flush(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static NatsConnection Create(int sendLogBytes)
    {
        var options = new NatsOptions { Servers = [new NatsEndpoint("127.0.0.1", 4222)], SendLogBytes = sendLogBytes };
        return new NatsConnection(options, 0, () => { }, NullLogger.Instance);
    }
}
