using System.Diagnostics;
using System.Text;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Cli.Benching;

/// <summary>Stands in the place of detection.</summary>
internal sealed class PublishBenchSender
{
    private const int TurnAlertsMax = 64; // As many as detection hands over in one turn.

    private readonly CliConsole _console;
    private readonly PublishRig _rig;
    private readonly CancellationToken _cancel;
    private readonly Sensor[] _sensors;
    private readonly byte[] _subject;
    private readonly byte[] _message;

    public PublishBenchSender(CliConsole console, PublishRig rig, PublishBenchRequest request, CancellationToken cancel)
    {
        _console = console;
        _rig = rig;
        _cancel = cancel;
        _sensors = [.. Enumerable.Range(0, request.Sensors).Select(index => rig.Sensors.Acquire("bench", $"sensor-{index}")!)];
        _subject = Encoding.UTF8.GetBytes(request.Subject);
        _message = Enumerable.Repeat((byte)'x', request.SizeBytes).ToArray();
    }

    public long HandedOver { get; private set; }

    public void Send(int count, int ratePerSecond)
    {
        var progress = new Progress(_console, "bench publish");
        var from = Stopwatch.GetTimestamp();
        var ticksPerAlert = ratePerSecond > 0 ? Stopwatch.Frequency / (double)ratePerSecond : 0;
        for (var sent = 0; sent < count;)
        {
            _cancel.ThrowIfCancellationRequested();
            sent += ratePerSecond > 0 ? PacedTurn(from, ticksPerAlert, sent, count) : Turn(Math.Min(TurnAlertsMax, count - sent));
            progress.Report((double)sent / count);
        }

        progress.Done();
    }

    /// <summary>Hands over everything whose moment has come; its time counts from that moment, not from now.</summary>
    private int PacedTurn(long from, double ticksPerAlert, int sent, int count)
    {
        var now = Stopwatch.GetTimestamp();
        var due = Math.Min(count, (int)((now - from) / ticksPerAlert) + 1);
        if (due == sent)
        {
            WaitUntil(from + (long)(sent * ticksPerAlert));
            return 0;
        }

        var handed = 0;
        while (sent + handed < Math.Min(due, sent + TurnAlertsMax)
            && TryHandOver(from + (long)((sent + handed) * ticksPerAlert)))
        {
            handed++;
        }

        return Finish(handed);
    }

    private int Turn(int alerts)
    {
        var now = Stopwatch.GetTimestamp();
        var handed = 0;
        while (handed < alerts && TryHandOver(now))
        {
            handed++;
        }

        return Finish(handed);
    }

    private bool TryHandOver(long atTicks)
    {
        var sensor = _sensors[HandedOver % _sensors.Length];
        if (!_rig.TryHandOver(sensor, _subject, _message, atTicks))
        {
            return false;
        }

        HandedOver++;
        return true;
    }

    private int Finish(int handed)
    {
        _rig.Flush();
        if (handed == 0)
        {
            _rig.WaitForRoom();
        }

        return handed;
    }

    private static void WaitUntil(long ticks)
    {
        // Sleep is only good to about 60 us here; the rest is spun, because a late hand-over is counted as latency.
        var left = Clock.Nanoseconds(Stopwatch.GetTimestamp(), ticks);
        if (left > 1_500_000)
        {
            Thread.Sleep(1);
        }

        while (left <= 1_500_000 && Stopwatch.GetTimestamp() < ticks)
        {
            Thread.SpinWait(20);
        }
    }
}
