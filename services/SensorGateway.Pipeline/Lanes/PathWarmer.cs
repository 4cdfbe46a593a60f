using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.ObjectPool;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Pipeline.Detection.Workers;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Ring;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Threading;
using SensorGateway.Rules.Model;

namespace SensorGateway.Pipeline.Lanes;

/// <summary>Sends made-up payloads through a second, private pipeline, so that the first real one meets compiled code.</summary>
internal static class PathWarmer
{
    private const int ExamplesMax = 128;
    private const int ExampleBytesMax = 16 * 1024;

    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(150);

    /// <summary>Warms the code that all lanes share and the given generation of rules.</summary>
    public static void Run(GatewayOptions options, RuleProgram program)
    {
        byte[][] payloads = [.. MakePayloads(), .. ExamplesOf(program)];
        foreach (var payload in payloads)
        {
            program.WarmUp(payload);
        }

        Drive(options, program, payloads);

        // The user's rules seldom match made-up payloads; a rule that always does warms the way of an alert.
        Drive(options, RuleProgram.Build(EverythingMatches(), options.Detection), payloads);
    }

    private static void Drive(GatewayOptions options, RuleProgram program, byte[][] payloads)
    {
        using var doorbell = new Doorbell();
        using var connection = new DiscardingConnection();
        var sensors = new SensorTable(4);
        var sensor = sensors.Acquire("warm-up", "127.0.0.1")!;
        var alertRing = EventRing.Create(1 << 20, options.EffectiveWorkers);
        var publisher = new RoleRunner(
            new PublishWorker(alertRing.Reader, sensors, [connection], options.Publishing, NullLogger.Instance), doorbell);
        publisher.BeginPark();
        var ring = EventRing.Create(1 << 20, Math.Max(1, options.Sources.Length));
        var subject = SubjectTemplate.TryParse(options.Alerts.Subject, options.Alerts.Gateway, out _)!;
        using var encoder = new AlertEncoder(
            options.Alerts, subject, new AlertIds("warm-up", 0), TimeProvider.System, ObjectPool.Create<AlertBuffer>());
        using var worker = new DetectionWorker(
            0, ring.Reader, alertRing.Writers[0], alertRing.Space, 64 * 1024, sensors, publisher, encoder, program,
            options.Detection);
        var detection = new RoleRunner(worker, doorbell);
        var from = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(from) < Duration)
        {
            foreach (var payload in payloads)
            {
                if (ring.Writers[0].TryClaim(payload.Length, out var lease))
                {
                    payload.CopyTo(lease.Payload);
                    lease.Tag.Sensor = sensor.Handle;
                    lease.Tag.ReceivedAtTicks = Stopwatch.GetTimestamp();
                    ring.Writers[0].Commit(lease);
                    ring.Writers[0].Publish();
                }

                detection.BeginPark();
                detection.EndPark();
                detection.TryTurn();
            }
        }
    }

    private static RuleSet EverythingMatches() => new(
        [
            new Rule
            {
                Id = "warm-up",
                Title = "warm-up",
                Match = new LiteralTerm([(byte)'e'], NoCase: false),
                Position = new SourcePosition("built in", 1, 1),
            },
            new Rule
            {
                Id = "warm-up.suppressed",
                Title = "warm-up",
                Match = new LiteralTerm([(byte)'e'], NoCase: false),
                SuppressFor = TimeSpan.FromMilliseconds(1),
                Position = new SourcePosition("built in", 1, 1),
            },
        ],
        []);

    /// <summary>What the rules' authors say must match: the surest way through a rule's own code.</summary>
    private static IEnumerable<byte[]> ExamplesOf(RuleProgram program) => program.Rules.Rules
        .SelectMany(static rule => rule.Examples.Match.Take(1))
        .Where(static example => example.Length <= ExampleBytesMax)
        .Take(ExamplesMax)
        .Select(static example => example.ToArray());

    private static byte[][] MakePayloads() =>
    [
        Encoding.ASCII.GetBytes("GET /index.html?q=1 HTTP/1.1\r\nHost: example\r\nUser-Agent: warm-up\r\n\r\n"),
        Encoding.ASCII.GetBytes("{\"device\":\"pump-7\",\"temperature\":21.5,\"state\":\"running\",\"sequence\":123456}"),
        Encoding.ASCII.GetBytes("<34>1 2026-01-01T00:00:00Z gateway sshd 411 - - Accepted publickey for operator from 10.0.0.7"),
        [0x00, 0x01, 0x00, 0x00, 0x00, 0x06, 0x11, 0x03, 0x00, 0x6B, 0x00, 0x03, 0x65, 0xFF, 0x80],
    ];
}
