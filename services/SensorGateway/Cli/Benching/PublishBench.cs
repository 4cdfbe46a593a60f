using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Cli.Benching;

/// <summary>What to send, and how.</summary>
internal sealed record PublishBenchRequest
{
    public required NatsEndpoint Server { get; init; }

    public required int SizeBytes { get; init; }

    public required int Count { get; init; }

    public required int Connections { get; init; }

    public required int Sensors { get; init; }

    /// <summary>0: as fast as it goes.</summary>
    public required int RatePerSecond { get; init; }

    public required string Subject { get; init; }

    public required NatsDelivery Delivery { get; init; }
}

/// <summary>Measures the way from hand-over to NATS on the gateway's own publishing lane.</summary>
internal static class PublishBench
{
    private const int TurnAlertsMax = 64; // As many as detection hands over in one turn.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Warms up, sends all, waits until all are confirmed.</summary>
    /// <exception cref="CommandException">NATS cannot be reached, or the thread died.</exception>
    public static PublishResult Run(CliConsole console, PublishBenchRequest request, CancellationToken cancel)
    {
        Exception? fault = null;
        using (var warmUp = StartRig(request, exception => fault = exception))
        {
            SendAll(console, warmUp, request with { RatePerSecond = 0, Count = Math.Clamp(request.Count / 10, 1000, 50_000) }, cancel);
        }

        using var rig = StartRig(request, exception => fault = exception);
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var from = Stopwatch.GetTimestamp();
        SendAll(console, rig, request, cancel);
        var took = Stopwatch.GetElapsedTime(from);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        if (fault is not null)
        {
            throw new CommandException(ExitCodes.WorkerDied, $"The publish thread died: {fault.Message}");
        }

        var sent = rig.Counters.HandoverToSent;
        return new PublishResult
        {
            Rate = Math.Round(request.Count / took.TotalSeconds),
            CpuNsPerAlert = Math.Round(cpu.TotalNanoseconds / request.Count, 1),
            SentP50Us = Microseconds(sent.Percentile(0.50)),
            SentP95Us = Microseconds(sent.Percentile(0.95)),
            SentP99Us = Microseconds(sent.Percentile(0.99)),
            AllocatedBytesPerAlert = Math.Round(allocated / (double)request.Count, 3),
            Count = request.Count,
            Size = request.SizeBytes,
            Connections = request.Connections,
            Delivery = request.Delivery.ToString().ToLowerInvariant(),
            Delivered = rig.Settled - rig.Counters.DroppedTotal,
        };
    }

    private static GatewayOptions OptionsOf(PublishBenchRequest request) => new()
    {
        Sources = [],
        Nats = new NatsOptions { Servers = [request.Server], Delivery = request.Delivery, ClientName = "sensor-gateway-bench" },
        Alerts = new AlertOptions { Gateway = "bench" },
        Publishing = new PublishingOptions { Connections = request.Connections },
    };

    private static PublishRig StartRig(PublishBenchRequest request, Action<Exception> onFault)
    {
        var rig = new PublishRig(OptionsOf(request), NullLoggerFactory.Instance);
        try
        {
            rig.Start((_, exception) => onFault(exception));
            Connect(rig, request);
            return rig;
        }
        catch
        {
            rig.Dispose();
            throw;
        }
    }

    private static void SendAll(CliConsole console, PublishRig rig, PublishBenchRequest request, CancellationToken cancel)
    {
        var sender = new Sender(console, rig, request, cancel);
        sender.Send(request.Count, request.RatePerSecond);
        Settle(rig, sender.HandedOver, cancel);
    }

    private static void Connect(PublishRig rig, PublishBenchRequest request)
    {
        var from = Stopwatch.GetTimestamp();
        while (rig.Connections.Any(connection => connection.State != "connected"))
        {
            if (Stopwatch.GetElapsedTime(from) > ConnectTimeout)
            {
                var reason = rig.Connections.Select(connection => connection.LastError).FirstOrDefault(text => text is not null);
                throw new CommandException(ExitCodes.BadEnvironment, string.Create(
                    CultureInfo.InvariantCulture, $"{request.Server}: {reason ?? "no answer"}; start a server with nats-server -a {request.Server.Host} -p {request.Server.Port}, or name another with --nats."));
            }

            Thread.Sleep(5);
        }
    }

    private static void Settle(PublishRig rig, long handedOver, CancellationToken cancel)
    {
        var from = Stopwatch.GetTimestamp();
        while (rig.Settled < handedOver && Stopwatch.GetElapsedTime(from) < SettleTimeout)
        {
            cancel.ThrowIfCancellationRequested();
            Thread.Sleep(1);
        }
    }

    private static double Microseconds(long nanoseconds) => Math.Round(nanoseconds / 1000.0, 1);

    /// <summary>Stands in the place of detection.</summary>
    private sealed class Sender
    {
        private readonly CliConsole _console;
        private readonly PublishRig _rig;
        private readonly CancellationToken _cancel;
        private readonly Sensor[] _sensors;
        private readonly byte[] _subject;
        private readonly byte[] _message;

        public Sender(CliConsole console, PublishRig rig, PublishBenchRequest request, CancellationToken cancel)
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
}
