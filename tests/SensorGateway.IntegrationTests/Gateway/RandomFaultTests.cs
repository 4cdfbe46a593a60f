using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.TestKit;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

/// <summary>Senders and NATS misbehave as a seed wants.</summary>
/// <remarks>SENSORGATEWAY_FAULTS=full tries many seeds, a number just that one.</remarks>
[SupportedOSPlatform("linux")]
public sealed class RandomFaultTests(ITestOutputHelper output)
{
    private const int Sensors = 4;
    private const int Rounds = 40;

    public static TheoryData<int> Seeds => Environment.GetEnvironmentVariable("SENSORGATEWAY_FAULTS") switch
    {
        "full" => [.. Enumerable.Range(1, 60)],
        { } seed when int.TryParse(seed, CultureInfo.InvariantCulture, out var one) => [one],
        _ => [1, 2, 3],
    };

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RandomFaults_WhateverHappens_EveryPayloadIsAccountedFor(int seed)
    {
        var random = new Random(seed);
        using var server = NatsServerProcess.Start();
        using var proxy = new CutProxy(server.Port);
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(Options(random, proxy));
        var senders = Enumerable.Range(0, Sensors)
            .Select(sensor => new RandomSender(gateway, sensor, random.Next()))
            .ToArray();
        var threads = senders.Select(static sender => new Thread(() => sender.Run(Rounds))).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        var kills = 0;
        var cuts = 0;
        while (threads.Any(static thread => thread.IsAlive))
        {
            Thread.Sleep(random.Next(20, 200));
            switch (random.Next(4))
            {
                case 0 when kills < 3:
                    kills++;
                    server.Kill();
                    Thread.Sleep(random.Next(200));
                    server.Restart();
                    break;
                case 1:
                    proxy.Pause();
                    Thread.Sleep(random.Next(100));
                    proxy.Resume();
                    break;
                default:
                    cuts += proxy.CutAll() > 0 ? 1 : 0;
                    break;
            }
        }

        var sent = senders.Sum(static sender => sender.Whole);
        var evil = senders.Sum(static sender => sender.Evil);
        var now = gateway.Until(
            static now => now.Sources[0].ConnectionsOpen == 0
                && now is { PayloadsAddUp: true, AlertsAddUp: true, AlertsUnconfirmed: 0 },
            "all settled and every sender gone");
        gateway.Until(_ => alerts.Subscriptions > kills || alerts.Once + now.AlertsDroppedTotal >= evil, "the subscriber back");
        output.WriteLine(
            $"seed {seed}: {alerts.Figures(evil)}; kills {kills}, cuts {cuts}, rejected {now.Rejected}, "
            + $"dropped {now.AlertsDroppedTotal}, resent {now.Connections.Sum(static c => c.Resent)}");
        FaultRun.Tell($"random faults: seed {seed}, {alerts.Figures(evil)}");
        Assert.False(gateway.Gateway.Fault.IsCompleted);
        Assert.Equal(sent, now.Received - now.Rejected);
        Assert.Equal(evil, now.Alerted);
        Assert.InRange(now.Rejected, 0, senders.Sum(static sender => sender.CutShort));
        Assert.Equal(evil, now.AlertsConfirmed + now.AlertsDroppedTotal);
        Assert.Equal(0, alerts.Reordered);
        if (kills == 0)
        {
            Assert.True(alerts.WaitFor(evil - now.AlertsDroppedTotal), alerts.Figures(evil));
        }
    }

    private static GatewayOptions Options(Random random, CutProxy proxy)
    {
        var options = TestOptions.For(proxy.Endpoint);
        return options with
        {
            DetectionWorkers = random.Next(1, 3),
            RingBytes = 1 << random.Next(18, 22),
            Threads = options.Threads with { Batons = random.Next(2) == 0 },
            Nats = options.Nats with { LivenessTimeout = TimeSpan.FromSeconds(1) },
            Publishing = new PublishingOptions
            {
                Connections = random.Next(PublishingOptions.ConnectionsMin, PublishingOptions.ConnectionsMax + 1),
                UnconfirmedBytesMax = 1 << random.Next(19, 25),
            },
        };
    }

    /// <summary>One sensor whose connections end at random, sometimes inside a frame. Owner: its thread.</summary>
    private sealed class RandomSender(GatewayHarness gateway, int sensor, int seed)
    {
        private readonly Random _random = new(seed);

        /// <summary>Whole payloads sent.</summary>
        public long Whole { get; private set; }

        /// <summary>Of these, evil ones; numbered from 0.</summary>
        public long Evil { get; private set; }

        /// <summary>Frames cut short.</summary>
        public long CutShort { get; private set; }

        public void Run(int rounds)
        {
            Socket? socket = null;
            for (var round = 0; round < rounds; round++)
            {
                socket ??= gateway.Connect(from: $"127.0.0.{sensor + 1}");
                SendSome(socket, share: _random.NextDouble());
                if (_random.Next(4) == 0)
                {
                    End(socket);
                    socket = null;
                }

                Thread.Sleep(_random.Next(30));
            }

            if (socket is not null)
            {
                End(socket);
            }
        }

        private void SendSome(Socket socket, double share)
        {
            for (var count = _random.Next(1, 200); count > 0; count--)
            {
                var isLong = _random.Next(10) == 0;
                var bytes = isLong ? _random.Next(4_000, 65_536) : _random.Next(NumberedPayload.BytesMin, 600);
                var frame = new byte[4 + bytes];
                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, bytes);
                var isEvil = _random.NextDouble() < share;
                NumberedPayload.Write(frame.AsSpan(4), sensor, Evil, isEvil);
                for (var sent = 0; sent < frame.Length;)
                {
                    sent += socket.Send(frame, sent, frame.Length - sent, SocketFlags.None);
                }

                Whole++;
                Evil += isEvil ? 1 : 0;
            }
        }

        /// <summary>In good order, so that nothing the kernel has taken is thrown away; or after half a frame.</summary>
        private void End(Socket socket)
        {
            if (_random.Next(2) == 0)
            {
                CutShort++;
                socket.Send((byte[])[0, 0, 1, 0, 1, 2, 3]);
            }

            socket.Shutdown(SocketShutdown.Send);
            _ = socket.Receive(new byte[1]); // A new connection must not overtake this one: same sensor, same numbers.
            socket.Dispose();
        }
    }
}
