using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace SensorGateway.IntegrationTests.Profiling;

/// <summary>What <c>dotnet-counters monitor --counters SensorGateway</c> does, over the same port.</summary>
public sealed class CountersTests
{
    [Fact]
    public async Task Counters_OverTheDiagnosticsPort_ShowTheGatewaysMeter()
    {
        using var busy = new BusyGateway(perSecond: 2_000);
        var arguments = new Dictionary<string, string>
        {
            ["SessionId"] = Guid.NewGuid().ToString(),
            ["Metrics"] = "SensorGateway",
            ["RefreshInterval"] = "1",
            ["MaxTimeSeries"] = "1000",
            ["MaxHistograms"] = "10",
        };
        var provider = new EventPipeProvider("System.Diagnostics.Metrics", EventLevel.Informational, 0x2, arguments);
        using var session = new DiagnosticsClient(busy.Gateway.Id).StartEventPipeSession([provider], requestRundown: false);
        using var source = new EventPipeEventSource(session.EventStream);
        var values = new Dictionary<string, string>();
        var seen = new TaskCompletionSource();
        source.Dynamic.All += measured =>
        {
            if (measured.ProviderName != "System.Diagnostics.Metrics"
                || measured.PayloadByName("meterName") as string != "SensorGateway"
                || measured.PayloadByName("instrumentName") is not string instrument)
            {
                return;
            }

            var value = measured.PayloadByName("value") ?? measured.PayloadByName("lastValue");
            values[$"{instrument}{{{measured.PayloadByName("tags")}}}"] = $"{value}";
            if (IsAbove0(values, "sensorgateway_payloads_received_total{source=field}")
                && IsAbove0(values, "sensorgateway_alerts_confirmed_total{}")
                && values.Keys.Any(key => key.Contains("quantile=0.95", StringComparison.Ordinal)))
            {
                seen.TrySetResult();
            }
        };
        var reading = Task.Run(source.Process);

        await Task.WhenAny(seen.Task, reading, Task.Delay(TimeSpan.FromSeconds(60)));

        Assert.True(seen.Task.IsCompleted, string.Join('\n', values));
        await session.StopAsync(CancellationToken.None);
        await reading;
    }

    private static bool IsAbove0(Dictionary<string, string> values, string key) =>
        values.TryGetValue(key, out var text) && double.TryParse(text, out var value) && value > 0;
}
