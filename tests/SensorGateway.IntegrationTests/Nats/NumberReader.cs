using System.Buffers.Binary;
using SensorGateway.Nats;

namespace SensorGateway.IntegrationTests.Nats;

/// <summary>Subscribes and checks the numbers that <see cref="TestPublisher"/> writes, on its own thread.</summary>
internal sealed class NumberReader : IDisposable
{
    private readonly NatsSubscriber _subscriber;
    private readonly Thread _thread;
    private readonly HashSet<long> _seen = [];
    private volatile bool _stopped;
    private long _distinct;

    public NumberReader(NatsEndpoint endpoint, NatsCredentials? credentials = null, NatsTlsOptions? tls = null)
    {
        _subscriber = NatsSubscriber.Connect(endpoint, credentials, tls: tls);
        _subscriber.Subscribe("alerts.>");
        _thread = new Thread(Read) { IsBackground = true, Name = "number-reader" };
        _thread.Start();
    }

    /// <summary>Different numbers received.</summary>
    public long Distinct => Volatile.Read(ref _distinct);

    public long Duplicates { get; private set; }

    /// <summary>Numbers that came for the first time after a higher one.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Waits until so many different numbers came, or nothing more comes for the time.</summary>
    public bool WaitFor(long distinct, int seconds = 20)
    {
        var deadline = Environment.TickCount64 + (seconds * 1000L);
        while (Distinct < distinct && Environment.TickCount64 < deadline)
        {
            Thread.Sleep(5);
        }

        return Distinct >= distinct;
    }

    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
        _subscriber.Dispose();
    }

    private void Read()
    {
        var highest = -1L;
        while (!_stopped)
        {
            if (!_subscriber.TryRead(out var message, TimeSpan.FromMilliseconds(100)))
            {
                if (!_subscriber.IsOpen)
                {
                    return;
                }

                continue;
            }

            var number = BinaryPrimitives.ReadInt64BigEndian(message.Payload);
            if (!_seen.Add(number))
            {
                Duplicates++;
                continue;
            }

            OutOfOrder += number < highest ? 1 : 0;
            highest = Math.Max(highest, number);
            Volatile.Write(ref _distinct, _distinct + 1);
        }
    }
}
