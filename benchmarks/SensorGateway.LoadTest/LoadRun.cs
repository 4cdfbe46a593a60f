using System.Diagnostics;
using SensorGateway.LoadTest.Contestants;
using SensorGateway.LoadTest.Measuring;
using SensorGateway.LoadTest.Results;
using SensorGateway.LoadTest.Sending;

namespace SensorGateway.LoadTest;

/// <summary>One program at one rate: warm up, measure, wait for the last alert, ask for the books.</summary>
internal sealed class LoadRun(Options options, PayloadSet payloads, Uri nats, int? natsProcessId)
{
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    /// <summary>Runs it. The sender has its own thread, the subscriber another; the calling thread only watches.</summary>
    public RunResult Run(Contestant contestant, int? rate, int round)
    {
        var total = TimeSpan.FromSeconds(options.WarmupSeconds + options.Seconds + 1);
        var schedule = new Schedule(rate, options.AlertRatio, options.Connections, total);
        using var subscriber = new AlertSubscriber(nats, "alerts.>");
        var arrivals = new ArrivalLog(schedule);
        subscriber.Attach(arrivals);
        using var sender = new LoadSender(schedule, payloads, contestant.Port, options.Sensors);
        GC.Collect();

        var window = new Window();
        OnOwnThread("sender", () =>
        {
            PreciseSleep.PrepareCallingThread();
            if (rate is { } perSecond)
            {
                SendPaced(schedule, sender, perSecond, () => Open(window, contestant, sender));
            }
            else
            {
                SendUnthrottled(sender, arrivals, subscriber, contestant, () => Open(window, contestant, sender));
            }
        });
        // What the last payloads cost belongs to them, also when a backlog has grown.
        var sentTicks = Stopwatch.GetTimestamp();
        WaitForAlerts(sender, arrivals, subscriber, contestant);
        Close(window, contestant, Math.Max(sentTicks, arrivals.LastArrivalTicks));

        window.Reloading.GetAwaiter().GetResult();
        Thread.Sleep(Settle);
        if (subscriber.Fault is { } fault)
        {
            throw new StartException($"the subscriber failed: {fault}");
        }

        return Summarise(contestant, rate, round, sender, arrivals, window) with { Reloads = window.Reloads };
    }

    private void SendPaced(Schedule schedule, LoadSender sender, int rate, Action open)
    {
        var warmup = (long)(options.WarmupSeconds * rate);
        schedule.MeasureFrom(warmup);
        schedule.Start(Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 20));
        sender.SendPaced(warmup);
        open();
        sender.SendPaced(warmup + (long)(options.Seconds * rate));
    }

    private void SendUnthrottled(
        LoadSender sender, ArrivalLog arrivals, AlertSubscriber subscriber, Contestant contestant, Action open)
    {
        sender.SendUnthrottled(After(options.WarmupSeconds));
        WaitForAlerts(sender, arrivals, subscriber, contestant);
        open();
        sender.SendUnthrottled(After(options.Seconds));
    }

    private static long After(double seconds) => Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);

    private void Open(Window window, Contestant contestant, LoadSender sender)
    {
        window.SentBefore = sender.Sent;
        window.CpuSeconds = -ProcessUsage.CpuSeconds(contestant.Process.Id);
        window.NatsCpuSeconds = natsProcessId is { } pid ? -ProcessUsage.CpuSeconds(pid) : 0;
        window.StealBefore = HostSteal.Now();
        window.OpenedTicks = Stopwatch.GetTimestamp();
        if (options.Reloads > 0)
        {
            window.Reloading = Task.Run(() => Reload(window, contestant));
        }
    }

    /// <summary>Spreads the reloads over the measured time, with quiet before and after each.</summary>
    private void Reload(Window window, Contestant contestant)
    {
        for (var i = 0; i < options.Reloads; i++)
        {
            var due = window.OpenedTicks + (long)((i + 0.5) * options.Seconds / options.Reloads * Stopwatch.Frequency);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            Thread.Sleep(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            if (contestant.Reload() is { } result)
            {
                window.Reloads.Add(result);
            }
        }
    }

    private void Close(Window window, Contestant contestant, long closedTicks)
    {
        window.CpuSeconds += ProcessUsage.CpuSeconds(contestant.Process.Id);
        window.NatsCpuSeconds += natsProcessId is { } pid ? ProcessUsage.CpuSeconds(pid) : 0;
        window.Seconds = Stopwatch.GetElapsedTime(window.OpenedTicks, closedTicks).TotalSeconds;
        window.HostStealPercent = HostSteal.Now().PercentSince(window.StealBefore);
    }

    private static void WaitForAlerts(
        LoadSender sender, ArrivalLog arrivals, AlertSubscriber subscriber, Contestant contestant)
    {
        var (seen, quietSince) = (-1L, Stopwatch.GetTimestamp());
        while (arrivals.Received < sender.Alerts && subscriber.Fault is null)
        {
            if (contestant.Process.HasExited)
            {
                throw new StartException(
                    $"the {contestant.Name} ended during the run. Its last words:\n{contestant.Process.Tail}");
            }

            if (arrivals.Received != seen)
            {
                (seen, quietSince) = (arrivals.Received, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(quietSince) > QuietMax)
            {
                return;
            }

            Thread.Sleep(5);
        }
    }

    private static void OnOwnThread(string name, Action work)
    {
        Exception? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception exception)
            {
                fault = exception;
            }
        })
        {
            Name = name,
        };
        thread.Start();
        thread.Join();
        if (fault is not null)
        {
            throw new StartException($"the {name} failed: {fault.Message}");
        }
    }

    private RunResult Summarise(
        Contestant contestant, int? rate, int round, LoadSender sender, ArrivalLog arrivals, Window window)
    {
        var measured = sender.Sent - window.SentBefore;
        var timed = arrivals.Latency.Count > 0;
        return new RunResult
        {
            Program = contestant.Name,
            Rate = rate,
            Round = round,
            Sent = sender.Sent,
            ExpectedAlerts = sender.Alerts,
            ReceivedAlerts = arrivals.Received,
            Lost = sender.Alerts - arrivals.Received,
            Duplicates = arrivals.Duplicates,
            OrderViolations = arrivals.OrderViolations,
            UnexpectedAlerts = arrivals.Unexpected,
            PayloadsPerSecond = Math.Round(measured / window.Seconds, 1),
            P50Us = timed ? Us(arrivals.Latency.QuantileNs(0.50)) : null,
            P95Us = timed ? Us(arrivals.Latency.QuantileNs(0.95)) : null,
            P99Us = timed ? Us(arrivals.Latency.QuantileNs(0.99)) : null,
            P999Us = timed ? Us(arrivals.Latency.QuantileNs(0.999)) : null,
            MaxUs = timed ? Us(arrivals.Latency.MaxNs) : null,
            SenderLateP50Us = timed ? Us(sender.Lateness.QuantileNs(0.50)) : null,
            SenderLateP99Us = timed ? Us(sender.Lateness.QuantileNs(0.99)) : null,
            CpuSeconds = Math.Round(window.CpuSeconds, 2),
            CpuPercentOfCore = Math.Round(100 * window.CpuSeconds / window.Seconds, 2),
            CpuUsPerPayload = Math.Round(1e6 * window.CpuSeconds / measured, 3),
            PeakRssMb = Math.Round(ProcessUsage.PeakRssMb(contestant.Process.Id), 1),
            NatsCpuPercentOfCore = natsProcessId is null
                ? null
                : Math.Round(100 * window.NatsCpuSeconds / window.Seconds, 2),
            HostStealPercent = window.HostStealPercent,
            Accounting = contestant.CheckAccounting(sender.Sent),
        };
    }

    private static double Us(long ns) => Math.Round(ns / 1e3, 1);

    /// <summary>The measured part.</summary>
    private sealed class Window
    {
        public long SentBefore { get; set; }

        public long OpenedTicks { get; set; }

        public double Seconds { get; set; }

        public double CpuSeconds { get; set; }

        public double NatsCpuSeconds { get; set; }

        public HostSteal StealBefore { get; set; }

        public double? HostStealPercent { get; set; }

        public Task Reloading { get; set; } = Task.CompletedTask;

        public List<ReloadResult> Reloads { get; } = [];
    }
}
