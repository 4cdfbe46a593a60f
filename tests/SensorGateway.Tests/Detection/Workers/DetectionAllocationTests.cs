using System.Text;
using SensorGateway.Pipeline.Detection;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Detection.Workers;

public sealed class DetectionAllocationTests
{
    private const int Payloads = 20_000;

    [Theory]
    [InlineData(1_000)]
    [InlineData(0)]
    public void DoWork_OfCleanPayloads_AllocatesNothing(int cacheEntries)
    {
        using var bench = new WorkerBench(SmallRules.Attacks, detection: Patient(cacheEntries));

        Assert.Equal(0, AllocatedBy(bench, "GET /index.html?q=", "{\"device\":\"pump\",\"t\":21.5}"));
        Assert.Equal(2 * Payloads, bench.Worker.Counters.Clean);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(0)]
    public void DoWork_OfAlerts_AllocatesNothing(int cacheEntries)
    {
        var rules = SmallRules.WithHash(SmallRules.Attacks, "mine", "Dropper A", "<script 7"u8);
        using var bench = new WorkerBench(rules, detection: Patient(cacheEntries));

        Assert.Equal(0, AllocatedBy(bench, "<script ", "union  select probe /etc/passwd", "probe \u00ff "));
        Assert.Equal(2 * Payloads, bench.Alerted);
    }

    [Fact]
    public void DoWork_OfRepeatsHeldBackAndSummarised_AllocatesNothing()
    {
        var rules = SmallRules.Of(
            SmallRules.Suppressed(SmallRules.Literal("a.script", "<script", Severity.High), TimeSpan.FromMicroseconds(20)),
            SmallRules.Suppressed(SmallRules.Literal("d.probe", "probe", Severity.Low), TimeSpan.FromHours(10)));
        using var bench = new WorkerBench(rules, detection: Patient(1_000));

        Assert.Equal(0, AllocatedBy(bench, 4, "<script ", "probe "));
        Assert.Equal(2 * Payloads, bench.Alerted + bench.Payloads.Reader.Depth);
        Assert.InRange(bench.Worker.Counters.Suppressed, Payloads, 2 * Payloads);
        Assert.InRange(bench.Worker.Counters.Summaries, 1, Payloads);
    }

    // A busy machine may take the CPU away for longer than the usual timeout, and the exception would be counted here.
    private static DetectionOptions Patient(int cacheEntries) =>
        new() { CacheEntries = cacheEntries, MatchTimeout = TimeSpan.FromMinutes(1) };

    // Payloads that differ, so that a cache is both hit and missed.
    private static long AllocatedBy(WorkerBench bench, params string[] heads) => AllocatedBy(bench, 1, heads);

    private static long AllocatedBy(WorkerBench bench, int perTurn, params string[] heads)
    {
        var payloads = Enumerable.Range(0, 3_000).Select(i => Encoding.UTF8.GetBytes($"{heads[i % heads.Length]}{i}")).ToArray();
        return Allocations.Of(Payloads, i =>
        {
            bench.Offer(payloads[i % payloads.Length]);
            if (i % perTurn == 0)
            {
                bench.Worker.DoWork();
            }

            while (bench.Alerts.Reader.TryRead(out _))
            {
            }

            bench.Alerts.Reader.Release();
        });
    }
}
