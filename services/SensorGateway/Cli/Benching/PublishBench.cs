using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Cli.Benching;

/// <summary>Measures the way from hand-over to NATS on the gateway's own publishing lane.</summary>
internal static class PublishBench
{
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
        var sender = new PublishBenchSender(console, rig, request, cancel);
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
}
