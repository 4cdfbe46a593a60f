using System.Diagnostics;
using System.Text;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Alerts;

public sealed class AlertClockTests
{
    private readonly ManualTime _time = new();
    private readonly AlertClock _clock;

    public AlertClockTests() => _clock = new AlertClock(_time);

    [Fact]
    public void Write_OfNow_IsTheWallTimeInMicroseconds() =>
        Assert.Equal("2026-11-20T18:00:00.123456Z", TextAt(_time.GetTimestamp()));

    [Fact]
    public void Write_OfAnEarlierPayload_LiesBeforeNow()
    {
        var received = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal("2026-11-20T18:00:02.623456Z", TextAt(_time.GetTimestamp()));
        Assert.Equal("2026-11-20T18:00:00.123456Z", TextAt(received));
    }

    [Fact]
    public void Write_AfterTheWallJumped_MovesOnlyTheAlertsFromTheNextLookOn()
    {
        TextAt(_time.GetTimestamp());
        _time.JumpWall(TimeSpan.FromHours(-1));
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal("2026-11-20T18:00:00.623456Z", TextAt(_time.GetTimestamp()));

        _time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Equal("2026-11-20T17:00:01.223456Z", TextAt(_time.GetTimestamp()));
    }

    [Fact]
    public void Write_OverAnHourOfAlerts_NeverDriftsFromTheWall()
    {
        var random = new Random(5);
        for (var i = 0; i < 5_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(1_500)));
            var expected = _time.GetUtcNow().UtcDateTime;
            var written = DateTime.Parse(
                TextAt(_time.GetTimestamp()),
                System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.RoundtripKind);
            Assert.InRange((written - expected).TotalMicroseconds, -1, 0);
        }
    }

    [Fact]
    public void TicksOfTheTestClock_AreStopwatchTicks() => Assert.Equal(Stopwatch.Frequency, _time.TimestampFrequency);

    private string TextAt(long ticks)
    {
        var text = new byte[AlertClock.TextBytes];
        _clock.Write(ticks, text);
        return Encoding.ASCII.GetString(text);
    }
}
