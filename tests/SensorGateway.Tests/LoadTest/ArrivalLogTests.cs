using System.Diagnostics;
using SensorGateway.LoadTest.Measuring;
using SensorGateway.LoadTest.Sending;

namespace SensorGateway.Tests.LoadTest;

public sealed class ArrivalLogTests
{
    [Fact]
    public void Add_OfRepeatsAndReversals_CountsEachOnce()
    {
        var schedule = new Schedule(1_000, 1, connections: 1, TimeSpan.FromSeconds(1));
        var log = new ArrivalLog(schedule);
        foreach (var sequence in new[] { 0L, 1, 3, 2, 3, 4, 999_999 })
        {
            log.Add(sequence, 0);
        }

        Assert.Equal((5, 1, 1, 1), (log.Received, log.Duplicates, log.OrderViolations, log.Unexpected));
    }

    [Fact]
    public void Add_OfDifferentConnections_ComparesOrderWithinEachOnly()
    {
        var schedule = new Schedule(1_000, 1, connections: 2, TimeSpan.FromSeconds(1));
        var log = new ArrivalLog(schedule);
        var (first, second) = (schedule.ConnectionOf(10), schedule.ConnectionOf(11));
        log.Add(11, 0);
        log.Add(10, 0);

        Assert.NotEqual(first, second);
        Assert.Equal(0, log.OrderViolations);
    }

    [Fact]
    public void Add_OfMeasuredAlerts_TimesThemFromTheIntendedTime()
    {
        var schedule = new Schedule(1_000, 1, connections: 1, TimeSpan.FromSeconds(1));
        schedule.Start(5_000_000);
        schedule.MeasureFrom(10);
        var log = new ArrivalLog(schedule);
        log.Add(9, schedule.IntendedTicks(9) + 100);
        log.Add(10, schedule.IntendedTicks(10) + 200);

        Assert.Equal(5_000_000 + (Stopwatch.Frequency / 100), schedule.IntendedTicks(10));
        Assert.Equal(1, log.Latency.Count);
        Assert.Equal(200, log.Latency.MaxNs);
    }

    [Fact]
    public void Add_OfAnAlertOnACleanPayload_IsUnexpected()
    {
        var schedule = new Schedule(1_000, 0.01, connections: 1, TimeSpan.FromSeconds(1));
        var log = new ArrivalLog(schedule);
        log.Add(98, 0);
        log.Add(99, 0);

        Assert.Equal((1, 1), (log.Received, log.Unexpected));
    }
}
