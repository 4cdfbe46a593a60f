using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Nats;

namespace SensorGateway.IntegrationTests.Nats;

/// <summary>The simplest caller a connection can have: one thread that appends, flushes and waits.</summary>
internal sealed class TestPublisher : IDisposable
{
    private static readonly byte[] Subject = "alerts.high.sensor-1"u8.ToArray();
    private readonly AutoResetEvent _wake = new(false);
    private readonly byte[] _payload = new byte[128];

    public TestPublisher(NatsOptions options, int index = 0)
    {
        Connection = new NatsConnection(options, index, () => _wake.Set(), NullLogger.Instance);
        Connection.Start();
    }

    public NatsConnection Connection { get; }

    public long NextNumber { get; private set; }

    public static NatsOptions Options(params NatsEndpoint[] servers) => new() { Servers = [.. servers] };

    /// <summary>Appends the next numbered message, waiting for room as long as it takes.</summary>
    public void Publish(TimeSpan limit)
    {
        BinaryPrimitives.WriteInt64BigEndian(_payload, NextNumber);
        var start = Stopwatch.GetTimestamp();
        NatsAppendResult result;
        while ((result = Connection.TryAppend(Subject, [], _payload)) == NatsAppendResult.LogFull)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < limit, $"no room in the log: {Connection.LastError}");
            Step();
        }

        Assert.Equal(NatsAppendResult.Appended, result);
        NextNumber++;
    }

    /// <summary>Publishes as fast as there is room, flushing every hundred.</summary>
    public void PublishFast(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            Publish(TimeSpan.FromSeconds(30));
            if (i % 100 == 0 || i == count)
            {
                Connection.Flush(Stopwatch.GetTimestamp());
            }
        }
    }

    /// <summary>Publishes at a steady rate in bursts of a millisecond, flushing after each.</summary>
    public void PublishPaced(int count, int perSecond)
    {
        var start = Stopwatch.GetTimestamp();
        var first = NextNumber;
        while (NextNumber - first < count)
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            var due = Math.Min(count, (long)(elapsed.TotalSeconds * perSecond) + 1);
            while (NextNumber - first < due)
            {
                Publish(TimeSpan.FromSeconds(30));
            }

            Connection.Flush(Stopwatch.GetTimestamp());
            Thread.Sleep(1);
        }
    }

    /// <summary>One turn of a publisher's loop: flush, then sleep until woken or a fence is due.</summary>
    public NatsFlushResult Step()
    {
        var result = Connection.Flush(Stopwatch.GetTimestamp());
        _wake.WaitOne(1);
        return result;
    }

    public void WaitUntil(Func<bool> condition, string what, int seconds = 30)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(start).TotalSeconds < seconds,
                $"waited in vain for: {what}; state {Connection.State}, last error {Connection.LastError}");
            Step();
        }
    }

    public void WaitConnected() => WaitUntil(() => Connection.State == NatsConnectionState.Connected, "a login");

    public void WaitDelivered() => WaitUntil(() => Connection.UnconfirmedMessages == 0, "confirmation");

    public void Dispose()
    {
        Connection.Dispose();
        _wake.Dispose();
    }
}
