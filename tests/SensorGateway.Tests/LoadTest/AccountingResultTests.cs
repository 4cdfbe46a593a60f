using SensorGateway.LoadTest.Results;

namespace SensorGateway.Tests.LoadTest;

public sealed class AccountingResultTests
{
    private const string Metrics = """
        # HELP sensorgateway_payloads_received_total Payloads.
        # TYPE sensorgateway_payloads_received_total counter
        sensorgateway_payloads_received_total{source="a b"} 60
        sensorgateway_payloads_received_total{source="c"} 40
        sensorgateway_payloads_clean_total 70
        sensorgateway_payloads_alerted_total{severity="high"} 20
        sensorgateway_payloads_alerted_total{severity="low"} 5
        sensorgateway_payloads_rejected_total{source="c",reason="too large"} 5
        sensorgateway_alerts_confirmed_total 22
        sensorgateway_alerts_unconfirmed 3
        sensorgateway_alerts_suppressed_total 2
        sensorgateway_summaries_total 2
        process_cpu_seconds_total 1
        """;

    [Fact]
    public void Check_OfBooksThatBalance_Holds() => Assert.True(AccountingResult.Check(Metrics, sent: 100).Holds);

    [Theory]
    [InlineData("payloads_clean_total 70", "payloads_clean_total 69")]
    [InlineData("alerts_unconfirmed 3", "alerts_unconfirmed 2")]
    [InlineData("alerts_unconfirmed 3", "alerts_lost 3")]
    [InlineData("alerts_suppressed_total 2", "alerts_suppressed_total 3")]
    [InlineData("summaries_total 2", "summaries_total 1")]
    [InlineData("{source=\"c\"} 40", "{source=\"c\"} 41")]
    public void Check_OfBooksThatDoNot_IsBroken(string right, string wrong)
    {
        var result = AccountingResult.Check(Metrics.Replace(right, wrong, StringComparison.Ordinal), sent: 100);

        Assert.False(result.Holds);
        Assert.Contains(result.Lines, line => line.StartsWith("BROKEN", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_WhenPayloadsAreMissing_IsBroken() => Assert.False(AccountingResult.Check(Metrics, sent: 101)
        .Holds);

    [Fact]
    public void Check_WithoutTheMetrics_IsBroken() => Assert.False(AccountingResult.Check("up 1", sent: 0).Holds);
}
