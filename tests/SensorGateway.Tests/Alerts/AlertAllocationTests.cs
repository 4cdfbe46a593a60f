using SensorGateway.Pipeline.Alerts;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Alerts;

public sealed class AlertAllocationTests
{
    [Theory]
    [InlineData(256 * 1024)]
    [InlineData(700)] // Shrinks every time.
    public void Encoding_InSteadyState_AllocatesNothing(int messageBytesMax)
    {
        using var bench = new AlertBench(new AlertOptions { Gateway = "edge-1", MessageBytesMax = messageBytesMax });
        var text = "GET /?q=<script>alert(1)</script> HTTP/1.1\r\nHost: \u001b[2J"u8.ToArray();
        var binary = new byte[300];
        new Random(1).NextBytes(binary);
        var digest = new byte[32];

        var allocated = Allocations.Of(20_000, i =>
        {
            var payload = i % 2 == 0 ? text : binary;
            bench.Encoder.Begin(bench.Sensor, bench.Time.GetTimestamp(), payload, digest, 2);
            bench.Encoder.AddRule(AlertBench.Xss, null, 8, 8, payload);
            bench.Encoder.AddRule(AlertBench.Plain, i % 3 == 0 ? "a label" : null, -1, 0, payload);
            bench.Encoder.Finish();
        });

        Assert.Equal(0, allocated);
        Assert.InRange(bench.Encoder.Json.Length, 200, messageBytesMax);
    }
}
