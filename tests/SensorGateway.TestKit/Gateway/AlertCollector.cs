using System.Diagnostics;
using System.Text;
using SensorGateway.Nats;

namespace SensorGateway.TestKit.Gateway;

/// <summary>A subscriber on a thread of its own that reads numbers, and keeps whole alerts if asked to.</summary>
/// <remarks>Subscribes anew when its server goes away. Allocates nothing per message unless it keeps them.</remarks>
public sealed class AlertCollector : IDisposable
{
    /// <summary>Senders it tells apart.</summary>
    public const int SensorsMax = 16;

    private readonly NatsEndpoint _endpoint;
    private readonly string _subject;
    private readonly SensorTrack[] _tracks = [.. Enumerable.Range(0, SensorsMax).Select(static _ => new SensorTrack())];
    private readonly List<ReceivedAlert> _kept = [];
    private readonly Thread _thread;
    private readonly bool _keeps;
    private volatile bool _stopped;
    private long _once;
    private long _messages;
    private int _subscriptions;
    private long _longestGapTicks;
    private long _lastTicks;

    /// <summary>Subscribes; when this returns the server has the subscription.</summary>
    public AlertCollector(NatsEndpoint endpoint, bool keeps = false, string subject = "alerts.>")
    {
        _endpoint = endpoint;
        _subject = subject;
        _keeps = keeps;
        var first = Subscribe();
        _thread = new Thread(() => Run(first)) { IsBackground = true, Name = "alert-collector" };
        _thread.Start();
    }

    /// <summary>Messages received.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Different numbers received, all sensors together.</summary>
    public long Once => Volatile.Read(ref _once);

    /// <summary>How often it subscribed: 1, and one more after each loss of its server.</summary>
    public int Subscriptions => Volatile.Read(ref _subscriptions);

    /// <summary>Messages whose number had come before.</summary>
    public long Duplicates => _tracks.Sum(static track => track.Duplicates);

    /// <summary>Numbers that came for the first time after a higher one of the same sensor.</summary>
    public long Reordered => _tracks.Sum(static track => track.Reordered);

    /// <summary>Longest time between two messages.</summary>
    public TimeSpan LongestGap => TimeSpan.FromSeconds((double)Volatile.Read(ref _longestGapTicks) / Stopwatch.Frequency);

    /// <summary>The alerts, if they are kept.</summary>
    public IReadOnlyList<ReceivedAlert> Kept
    {
        get
        {
            lock (_kept)
            {
                return [.. _kept];
            }
        }
    }

    /// <summary>Different numbers of one sensor.</summary>
    public long OnceOf(int sensor) => _tracks[sensor].Once;

    /// <summary>Numbers below <paramref name="sent"/> that did not arrive.</summary>
    public IReadOnlyList<long> MissingOf(int sensor, long sent) => _tracks[sensor].Missing(sent);

    /// <summary>What to print about a fault test.</summary>
    public string Figures(long published) =>
        $"published {published}, received once {Once}, duplicates {Duplicates}, lost {published - Once}, "
        + $"reordered {Reordered}, longest gap {LongestGap.TotalMilliseconds:F0} ms";

    /// <summary>Waits until so many different numbers came. False when the time is over.</summary>
    public bool WaitFor(long once, int seconds = 30) => WaitUntil(() => Once >= once, seconds);

    /// <summary>Waits until so many messages came. False when the time is over.</summary>
    public bool WaitForMessages(long messages, int seconds = 30) => WaitUntil(() => Messages >= messages, seconds);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
    }

    private static bool WaitUntil(Func<bool> isSo, int seconds)
    {
        var start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > seconds)
            {
                return false;
            }

            Thread.Sleep(2);
        }

        return true;
    }

    private NatsSubscriber Subscribe()
    {
        var subscriber = NatsSubscriber.Connect(_endpoint);
        subscriber.Subscribe(_subject);
        Interlocked.Increment(ref _subscriptions);
        return subscriber;
    }

    private void Run(NatsSubscriber? subscriber)
    {
        while (!_stopped)
        {
            try
            {
                subscriber ??= Subscribe();
                while (!_stopped && subscriber.IsOpen)
                {
                    if (subscriber.TryRead(out var message, TimeSpan.FromMilliseconds(50)))
                    {
                        Take(message);
                    }
                }
            }
            catch (NatsException)
            {
                Thread.Sleep(10); // The server is not back yet.
            }

            subscriber?.Dispose();
            subscriber = null;
        }
    }

    private void Take(NatsMessage message)
    {
        _longestGapTicks = Math.Max(_longestGapTicks, _lastTicks == 0 ? 0 : message.ReceivedTicks - _lastTicks);
        _lastTicks = message.ReceivedTicks;
        if (_keeps)
        {
            lock (_kept)
            {
                _kept.Add(new ReceivedAlert(Encoding.UTF8.GetString(message.Subject), message.Payload.ToArray()));
            }
        }

        if (NumberedPayload.TryRead(message.Payload, out var sensor, out var number) && _tracks[sensor].Add(number))
        {
            Volatile.Write(ref _once, _once + 1);
        }

        Volatile.Write(ref _messages, _messages + 1);
    }
}

/// <summary>An alert as it came from NATS.</summary>
public sealed record ReceivedAlert(string Subject, byte[] Json);
