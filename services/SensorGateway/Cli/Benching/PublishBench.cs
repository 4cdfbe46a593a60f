using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Nats;
using SensorGateway.Nats.JetStream;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Publishing.Drivers;

namespace SensorGateway.Cli.Benching;

/// <summary>Measures the way from hand-over to NATS on the gateway's own publishing lane.</summary>
internal static class PublishBench
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(10);

    // The runtime instruments what runs often before it optimises it: less than this measures its compiler too.
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(2);

    // Turns of fewer alerts would measure the confirmation of the last ones more than anything else.
    private const int TurnAlertsMin = 50_000;
    private const int TurnsMax = 5;

    /// <summary>Warms up, sends all, waits until all are confirmed.</summary>
    /// <exception cref="CommandException">NATS cannot be reached, or the thread died.</exception>
    public static PublishResult Run(CliConsole console, PublishBenchRequest request, CancellationToken cancel)
    {
        if (request.Delivery == NatsDelivery.JetStream)
        {
            CheckStream(request);
        }

        Exception? fault = null;
        WarmUp(console, request, exception => fault = exception, cancel);
        using var rig = StartRig(request, exception => fault = exception);
        using var ceiling = request.RatePerSecond > 0 ? null : Connect(request);
        ceiling?.Send(Math.Clamp(request.Count / 10, 1000, 50_000));
        var turns = Math.Clamp(request.Count / TurnAlertsMin, 1, TurnsMax);
        var (allocated, cpu, took) = (0L, TimeSpan.Zero, TimeSpan.Zero);
        var ratios = new List<double>();
        var ceilingTook = TimeSpan.Zero;
        var left = request.Count;
        for (var turn = turns; turn > 0; turn--)
        {
            var share = request with { Count = left / turn };
            left -= share.Count;
            var ceilingTurn = ceiling?.Send(share.Count) ?? TimeSpan.Zero;
            ceilingTook += ceilingTurn;
            GC.Collect();
            var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
            var cpuBefore = Environment.CpuUsage.TotalTime;
            var from = Stopwatch.GetTimestamp();
            SendAll(console, rig, share, cancel);
            var ownTurn = Stopwatch.GetElapsedTime(from);
            took += ownTurn;
            cpu += Environment.CpuUsage.TotalTime - cpuBefore;
            allocated += GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
            ratios.Add(ceilingTurn / ownTurn);
        }

        ratios.Sort();
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
            ConnectionsActive = rig.Pool.Active,
            AlertsPerBatch = Math.Round(rig.Counters.BatchedAlerts / (double)Math.Max(1, rig.Counters.Batches), 1),
            Delivery = request.Delivery.ToString().ToLowerInvariant(),
            Driver = request.Driver == PublishDriver.Wire ? "wire" : "nats-client",
            Tls = request.IsEncrypted,
            CeilingRate = ceiling is null ? null : Math.Round(request.Count / ceilingTook.TotalSeconds),
            RatioToCeiling = ceiling is null ? null : Math.Round(ratios[ratios.Count / 2], 3),
            Delivered = rig.Settled - rig.Counters.DroppedTotal,
        };
    }

    private static GatewayOptions OptionsOf(PublishBenchRequest request) => new()
    {
        Sources = [],
        Nats = new NatsOptions
        {
            Servers = [request.Server],
            Delivery = request.Delivery,
            Tls = request.Tls,
            ClientName = "sensor-gateway-bench",
        },
        Alerts = new AlertOptions { Gateway = "bench" },
        Publishing = new PublishingOptions
        {
            Driver = request.Driver,
            Connections = request.Connections,
            BatchWindowMax = request.BatchWindow,
        },
    };

    /// <summary>On a lane of its own, so that nothing it learns or counts is in the result.</summary>
    private static void WarmUp(
        CliConsole console, PublishBenchRequest request, Action<Exception> onFault, CancellationToken cancel)
    {
        using var rig = StartRig(request, onFault);
        var turn = request with { RatePerSecond = 0, Count = Math.Clamp(request.Count / 10, 1000, 50_000) };
        var from = Stopwatch.GetTimestamp();
        for (var left = request.Count; left > 0 && Stopwatch.GetElapsedTime(from) < WarmUpTime; left -= turn.Count)
        {
            SendAll(console, rig, turn, cancel);
        }
    }

    private static PublishRig StartRig(PublishBenchRequest request, Action<Exception> onFault)
    {
        PublishRig rig;
        try
        {
            rig = new PublishRig(OptionsOf(request), NullLoggerFactory.Instance);
        }
        catch (NotSupportedException problem)
        {
            throw new CommandException(ExitCodes.BadConfig, $"--driver: {problem.Message}.");
        }

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

    private static PublishCeiling Connect(PublishBenchRequest request)
    {
        try
        {
            return new PublishCeiling(request);
        }
        catch (NatsException failure)
        {
            throw new CommandException(ExitCodes.BadEnvironment, $"{failure.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>Without a stream, every message would wait for an answer for ever.</summary>
    private static void CheckStream(PublishBenchRequest request)
    {
        try
        {
            using var connection = NatsSubscriber.Connect(
                request.Server, clientName: "sensor-gateway-bench", tls: request.Tls);
            if (new StreamLookup(connection, ConnectTimeout).NamesFor(request.Subject).IsEmpty)
            {
                throw new CommandException(
                    ExitCodes.BadEnvironment,
                    $"{request.Server}: no stream stores {request.Subject}; create one for the measurement, or name a subject with --subject.");
            }
        }
        catch (NatsException failure)
        {
            throw new CommandException(ExitCodes.BadEnvironment, $"{failure.Message.TrimEnd('.')}.");
        }
    }

    private static void SendAll(
        CliConsole console, PublishRig rig, PublishBenchRequest request, CancellationToken cancel)
    {
        var before = rig.Settled;
        var sender = new PublishBenchSender(console, rig, request, cancel);
        sender.Send(request.Count, request.RatePerSecond);
        Settle(rig, before + sender.HandedOver, cancel);
    }

    private static void Connect(PublishRig rig, PublishBenchRequest request)
    {
        var from = Stopwatch.GetTimestamp();
        while (rig.Connections.Any(connection => connection.State != "connected"))
        {
            if (Stopwatch.GetElapsedTime(from) > ConnectTimeout)
            {
                var reason = rig.Connections.Select(
                    connection => connection.LastError).FirstOrDefault(text => text is not null);
                throw new CommandException(ExitCodes.BadEnvironment, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{request.Server}: {reason ?? "no answer"}; start a server with nats-server -a "
                        + $"{request.Server.Host} -p {request.Server.Port}, or name another with --nats."));
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
