using System.Buffers.Text;
using System.Diagnostics;
using SensorGateway.Cli.Tailing;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Telemetry;
using SensorGateway.Traffic;

namespace SensorGateway.Cli.Demo;

/// <summary>Plays the people who wait for alerts: a NATS subscriber that prints them and takes their times.</summary>
internal sealed class DemoWatcher : IDisposable
{
    private const int LinesPerSecondMax = 8;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly CliConsole _console;
    private readonly AlertPrinter _printer;
    private readonly NatsSubscriber _subscriber;
    private readonly Thread _thread;
    private volatile bool _stopping;
    private long _windowTicks = Stopwatch.GetTimestamp();
    private int _linesInWindow;

    public DemoWatcher(CliConsole console, NatsEndpoint endpoint, string subject)
    {
        _console = console;
        _printer = new AlertPrinter(console);
        _subscriber = NatsSubscriber.Connect(endpoint, clientName: "sensor-gateway-demo");
        _subscriber.Subscribe(subject);
        _thread = new Thread(Run) { IsBackground = true, Name = "demo-watch" };
    }

    /// <summary>Tells when a payload was sent; set before <see cref="Start"/>.</summary>
    public Func<long, long> SentAt { get; set; } = static _ => 0;

    /// <summary>Alerts and summaries received.</summary>
    public int Messages { get; private set; }

    /// <summary>From the send of a payload to its alert at this subscriber.</summary>
    public LatencyHistogram EndToEnd { get; } = new();

    public void Start() => _thread.Start();

    /// <summary>Reads on until nothing has come for a moment.</summary>
    public void Stop()
    {
        _stopping = true;
        _thread.Join();
    }

    /// <inheritdoc/>
    public void Dispose() => _subscriber.Dispose();

    private void Run()
    {
        while (_subscriber.IsOpen)
        {
            if (_subscriber.TryRead(out var message, Step))
            {
                Take(message);
            }
            else if (_stopping)
            {
                return;
            }
        }
    }

    private void Take(in NatsMessage message)
    {
        Messages++;
        if (SentAt(MarkerIn(message.Payload)) is var sentAt and > 0)
        {
            EndToEnd.Record(Clock.Nanoseconds(sentAt, message.ReceivedTicks));
        }

        if (Stopwatch.GetElapsedTime(_windowTicks) > TimeSpan.FromSeconds(1))
        {
            if (_linesInWindow > LinesPerSecondMax)
            {
                _console.Out.WriteLine(
                    _console.Color("2", $"{"",13}... and {_linesInWindow - LinesPerSecondMax} more in this second"));
            }

            _windowTicks = Stopwatch.GetTimestamp();
            _linesInWindow = 0;
        }

        if (_linesInWindow++ < LinesPerSecondMax)
        {
            _console.Out.WriteLine(_printer.Format(message.Subject, message.Payload));
        }
    }

    /// <summary>
    /// The number that the sender put into the payload; -1 when the alert cut it off or holds it as base64.
    /// </summary>
    private static long MarkerIn(ReadOnlySpan<byte> alert)
    {
        var at = alert.LastIndexOf(TrafficMarker.Prefix);
        return at >= 0
            && Utf8Parser.TryParse(
                alert.Slice(
                    at + TrafficMarker.Prefix.Length,
                    Math.Min(TrafficMarker.Digits, alert.Length - at - TrafficMarker.Prefix.Length)),
                out long number, out _)
            ? number
            : -1;
    }
}
