using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Publishing.Drivers;

namespace SensorGateway.IntegrationTests.Nats.Drivers;

/// <summary>The simplest holder of a publish baton: one thread that appends, flushes and waits.</summary>
internal sealed class DriverPublisher : IDisposable
{
    private static readonly byte[] Subject = "alerts.high.sensor-1"u8.ToArray();
    private readonly AutoResetEvent _wake = new(false);
    private readonly byte[] _payload = new byte[128];

    public DriverPublisher(PublishDriver driver, NatsOptions options)
    {
        Connection = PublishDrivers.Create(driver, options, 0, () => _wake.Set(), NullLogger.Instance);
        Connection.Start();
    }

    public IPublishConnection Connection { get; }

    public long NextNumber { get; private set; }

    public ConnectionSnapshot Now => Connection.Snapshot();

    /// <summary>Appends numbered messages as fast as there is room, flushing every hundred.</summary>
    public void Publish(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(_payload, NextNumber);
            WaitUntil(() => Connection.TryAppend(Subject, _payload) != AppendResult.Full, "room");
            NextNumber++;
            if (i % 100 == 0 || i == count)
            {
                Connection.Flush(Stopwatch.GetTimestamp());
            }
        }
    }

    public FlushResult Step(int milliseconds = 1)
    {
        var result = Connection.Flush(Stopwatch.GetTimestamp());
        _wake.WaitOne(milliseconds);
        return result;
    }

    public void WaitUntil(Func<bool> condition, string what, int seconds = 30)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(start).TotalSeconds < seconds,
                $"waited in vain for: {what}; {Now}");
            Step();
        }
    }

    public void WaitConnected() => WaitUntil(() => Now.State == "connected", "a login");

    public void WaitSettled() => WaitUntil(() => Connection.SettledMessages == Now.Appended, "confirmation");

    public void Dispose()
    {
        Connection.Dispose();
        _wake.Dispose();
    }
}
