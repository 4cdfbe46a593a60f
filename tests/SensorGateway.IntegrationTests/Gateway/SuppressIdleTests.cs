using System.Globalization;
using System.Runtime.Versioning;
using SensorGateway.IntegrationTests.Sources;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

[SupportedOSPlatform("linux")]
[Collection(AloneInTheProcess.Name)]
public sealed class SuppressIdleTests(ITestOutputHelper output)
{
    [Fact]
    public void DetectionThread_WhileAWindowIsOpen_SleepsOnce()
    {
        using var server = NatsServerProcess.Start();
        using var gateway = new GatewayHarness(
            TestOptions.For(server.Endpoint) with { DetectionWorkers = 1 }, SuppressTests.Rules(TimeSpan.FromHours(24)));
        gateway.UntilConnected();
        using var socket = gateway.Connect();
        SuppressTests.Send(socket, "EVIL", 10);
        gateway.Until(static now => now.AlertsSuppressed == 9 && now.AlertsConfirmed == 1, "nine held back");
        Thread.Sleep(200); // The thread that was woken to plan its sleep goes to sleep.
        var before = SleepsOf("detect-0");
        Thread.Sleep(500);
        var during = SleepsOf("detect-0") - before;

        output.WriteLine($"woke {during} times in 500 ms");
        Assert.InRange(before, 1, long.MaxValue);
        Assert.InRange(during, 0, 1);
    }

    /// <summary>How often threads of this name have gone to sleep so far, as the kernel counts.</summary>
    private static long SleepsOf(string thread) => Directory.GetDirectories("/proc/self/task")
        .Where(task => File.ReadAllText(Path.Combine(task, "comm")).Trim() == thread)
        .SelectMany(static task => File.ReadAllLines(Path.Combine(task, "status")))
        .Where(static line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
        .Sum(static line => long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim(), CultureInfo.InvariantCulture));
}
