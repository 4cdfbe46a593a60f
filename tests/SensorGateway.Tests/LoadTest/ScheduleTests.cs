using SensorGateway.LoadTest.Sending;

namespace SensorGateway.Tests.LoadTest;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.01, 1_000)]
    [InlineData(0.333333, 33_333)]
    [InlineData(1.0, 100_000)]
    public void IsAlert_OverManyPayloads_IsTrueForExactlyTheShare(double ratio, int alerts)
    {
        var schedule = new Schedule(1_000, ratio, connections: 1, TimeSpan.FromSeconds(1));

        Assert.Equal(alerts, Enumerable.Range(0, 100_000).Count(sequence => schedule.IsAlert(sequence)));
    }

    [Fact]
    public void DueBefore_AtEachIntendedTime_IncludesThatPayloadAndNotTheNext()
    {
        var schedule = new Schedule(7_000, 1, connections: 1, TimeSpan.FromSeconds(1));
        schedule.Start(123_456_789);
        for (var sequence = 0L; sequence < 20_000; sequence++)
        {
            // Intended times are whole ticks, rounded down: one tick later the payload is due for certain.
            Assert.Equal(sequence + 1, schedule.DueBefore(schedule.IntendedTicks(sequence) + 1));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void CloseAfter_AnyNumberSent_GivesEachConnectionOneAlert(int connections)
    {
        for (var sent = 0L; sent < 50; sent++)
        {
            var schedule = new Schedule(null, 0, connections, TimeSpan.FromSeconds(1));
            var from = schedule.CloseAfter(sent);
            var alerts = Enumerable.Range(0, 200).Where(sequence => schedule.IsAlert(sequence)).ToList();

            Assert.True(from >= sent);
            Assert.Equal(Enumerable.Range((int)from, connections), alerts);
            Assert.Equal(connections, alerts.Select(sequence => schedule.ConnectionOf(sequence)).Distinct().Count());
        }
    }
}
