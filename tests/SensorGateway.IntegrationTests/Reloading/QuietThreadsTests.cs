using System.Diagnostics.Tracing;
using System.Runtime.Versioning;
using SensorGateway.IntegrationTests.Gateway;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Reloading;

/// <summary>Listens to the runtime itself while 1,500 rules are reloaded under load.</summary>
[SupportedOSPlatform("linux")]
[Collection("alone")]
public sealed class QuietThreadsTests(ITestOutputHelper output)
{
    private const int Rules = 1_500;

    /// <summary>Rooms that a reload does not touch: a ring that is full for the first time is not its doing.</summary>
    private static readonly string[] OtherRooms =
        ["SensorGateway.Pipeline.Ring.", "SensorGateway.Pipeline.Sources.", "SensorGateway.Pipeline.Publishing."];

    [Fact]
    public void Reload_OfManyRulesUnderLoad_CompilesAndAllocatesNothingOnThePayloadsThreads()
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint) with
        {
            Detection = new DetectionOptions { MatchTimeout = TimeSpan.FromMinutes(1) },
        });
        gateway.UntilConnected();
        using var sensor = gateway.Sender();
        sensor.Send(300_000, evilEvery: 50);
        Assert.True(alerts.WaitFor(sensor.Evil), alerts.Figures(sensor.Evil));

        var stop = 0;
        var load = new Thread(() =>
        {
            while (Volatile.Read(ref stop) == 0)
            {
                sensor.Send(64, evilEvery: 50);
                Thread.Sleep(1);
            }
        });
        load.Start();
        gateway.UntilJudged(301_000);

        using var jit = new JitListener();
        gateway.UntilJudged(gateway.Now.Received + 1_000); // The listener's own effects, if any, come to rest.
        jit.Clear();
        var allocatedBefore = Allocated(gateway);
        PutToWork(gateway);
        gateway.UntilJudged(gateway.Now.Received + 20_000);
        var allocated = Allocated(gateway) - allocatedBefore;
        var compiled = jit.OnPayloadThreads();
        Volatile.Write(ref stop, 1);
        load.Join();

        output.WriteLine($"{jit.Count} methods compiled in all, {gateway.Now.Received} payloads, {allocated} bytes");
        Assert.True(jit.Count > 0, "the listener hears nothing, so it proves nothing");
        output.WriteLine(string.Join('\n', compiled));
        Assert.DoesNotContain(compiled, static one => !OtherRooms.Any(room => one.Contains(": " + room, StringComparison.Ordinal)));
        Assert.Equal(0, allocated);
        Assert.True(alerts.WaitFor(sensor.Evil), alerts.Figures(sensor.Evil));
        gateway.UntilSettled(sensor.Sent);
        Assert.Equal(sensor.Evil, gateway.Now.Rules.Single(static rule => rule.Rule == "test.evil").Matches);
    }

    /// <summary>What the reload thread of the program does, on a thread of its own.</summary>
    private static void PutToWork(GatewayHarness gateway)
    {
        var thread = new Thread(() =>
        {
            using var sampling = gateway.Gateway.BeginSampling();
            var program = RuleProgram.Build(Many(), gateway.Options.Detection);
            gateway.Gateway.Use(gateway.Gateway.Prepare(program, sampling.Payloads()));
        });
        thread.Start();
        thread.Join();
        gateway.Until(_ => gateway.Gateway.HasSettled(), "the workers took the generation over");
    }

    private static RuleSet Many() => TestRules.Set(
        Enumerable.Range(0, Rules).Select(static i => (i % 5) switch
        {
            0 => TestRules.Regex($"many.{i:D5}", $"key-{i}=[a-z]+;"),
            1 => TestRules.Regex($"many.{i:D5}", $@"(\w+)-{i} \1!"),
            2 when i < 50 => TestRules.Regex($"many.{i:D5}", $"[0-9]{{9}}[A-Z]{{{2 + i % 7}}}"),
            _ => TestRules.Literal($"many.{i:D5}", $"literal-{i}"),
        }).Append(TestRules.Literal("test.evil", TestRules.Evil)));

    private static long Allocated(GatewayHarness gateway) => gateway.Now.Roles
        .Where(static role => role.Role.StartsWith("detect-", StringComparison.Ordinal))
        .Sum(static role => role.AllocatedBytes);

    /// <summary>Collects which thread compiled which method; threads are told apart by the names the kernel knows.</summary>
    private sealed class JitListener : EventListener
    {
        private const EventKeywords Jit = (EventKeywords)0x10;
        private readonly List<(long Thread, string Method)> _compiled = [];

        public int Count
        {
            get
            {
                lock (_compiled)
                {
                    return _compiled.Count;
                }
            }
        }

        public void Clear()
        {
            lock (_compiled)
            {
                _compiled.Clear();
            }
        }

        public string[] OnPayloadThreads()
        {
            lock (_compiled)
            {
                return
                [
                    .. _compiled.Select(static one => (Name: NameOf(one.Thread), one.Method))
                        .Where(static one => one.Name.StartsWith("detect-", StringComparison.Ordinal)
                            || one.Name.StartsWith("ingest-", StringComparison.Ordinal) || one.Name == "publish")
                        .Select(static one => $"{one.Name}: {one.Method}"),
                ];
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            {
                EnableEvents(eventSource, EventLevel.Verbose, Jit);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("MethodJittingStarted", StringComparison.Ordinal) == true)
            {
                lock (_compiled)
                {
                    _compiled.Add((eventData.OSThreadId, $"{eventData.Payload![4]}.{eventData.Payload[5]}"));
                }
            }
        }

        private static string NameOf(long thread)
        {
            try
            {
                return File.ReadAllText($"/proc/self/task/{thread}/comm").TrimEnd();
            }
            catch (IOException)
            {
                return "ended";
            }
        }
    }
}
