using System.Runtime.Versioning;
using SensorGateway.TestKit.Gateway;
using SensorGateway.TestKit.Nats;
using Xunit.Abstractions;

namespace SensorGateway.IntegrationTests.Gateway;

/// <summary>Counts what the whole process allocates, so nothing else may run meanwhile.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

[SupportedOSPlatform("linux")]
[Collection("alone")]
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Payloads = 100_000;
    private const double BytesPerPayloadMax = 0.5;

    [Theory]
    [InlineData(100, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    public void SteadyState_AllocatesNothingPerPayload(int evilEvery, int workers)
    {
        using var server = NatsServerProcess.Start();
        using var alerts = new AlertCollector(server.Endpoint);
        using var gateway = new GatewayHarness(TestOptions.For(server.Endpoint) with { DetectionWorkers = workers });
        gateway.UntilConnected();
        using var sensor = gateway.Sender();
        sensor.Send(Payloads, evilEvery);
        Assert.True(alerts.WaitFor(sensor.Evil), alerts.Figures(sensor.Evil));

        var leastPerPayload = double.MaxValue;
        for (var pass = 1; pass <= 3 && leastPerPayload >= BytesPerPayloadMax; pass++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            sensor.Send(Payloads, evilEvery);
            var arrived = alerts.WaitFor(sensor.Evil);
            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

            Assert.True(arrived, alerts.Figures(sensor.Evil));
            gateway.UntilSettled(sensor.Sent);
            leastPerPayload = Math.Min(leastPerPayload, (double)allocated / Payloads);
            output.WriteLine($"one alert in {evilEvery} payloads, {workers} workers, pass {pass}: {allocated} bytes in all");
        }

        // A buffer that grows once more with the traffic may cost a pass some kilobytes; not every pass.
        Assert.InRange(leastPerPayload, 0, BytesPerPayloadMax);
    }
}
