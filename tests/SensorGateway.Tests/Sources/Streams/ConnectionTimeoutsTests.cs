using System.Diagnostics;
using SensorGateway.Pipeline.Sources.Streams;

namespace SensorGateway.Tests.Sources.Streams;

public sealed class ConnectionTimeoutsTests
{
    private static readonly long Second = Stopwatch.Frequency;

    [Fact]
    public void Note_TimeoutsOff_NeverAsksForACheck()
    {
        var timeouts = new ConnectionTimeouts(TimeSpan.Zero, TimeSpan.Zero);

        timeouts.Note(new Connection { RestBytes = 3 });

        Assert.Equal(long.MaxValue, timeouts.NextCheckAt);
        Assert.Equal(Overdue.No, timeouts.Check(new Connection { RestBytes = 3 }, long.MaxValue / 2));
    }

    [Fact]
    public void Note_PartOfAFrame_AsksForTheEarlierFrameTimeout()
    {
        var timeouts = new ConnectionTimeouts(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10));

        timeouts.Note(new Connection { LastBytesAt = 5 * Second });
        Assert.Equal(65 * Second, timeouts.NextCheckAt);
        timeouts.Note(new Connection { LastBytesAt = 7 * Second, FrameBeganAt = 6 * Second, RestBytes = 1 });
        Assert.Equal(16 * Second, timeouts.NextCheckAt);
    }

    [Fact]
    public void Check_TellsIdleFromSlow()
    {
        var timeouts = new ConnectionTimeouts(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10));
        var dripping = new Connection { LastBytesAt = 14 * Second, FrameBeganAt = 5 * Second, RestBytes = 1 };
        var quiet = new Connection { LastBytesAt = 5 * Second };

        Assert.Equal(Overdue.No, timeouts.Check(dripping, 15 * Second - 1));
        Assert.Equal(Overdue.Frame, timeouts.Check(dripping, 15 * Second));
        Assert.Equal(Overdue.No, timeouts.Check(quiet, 65 * Second - 1));
        Assert.Equal(Overdue.Idle, timeouts.Check(quiet, 65 * Second));
    }

    [Fact]
    public void BeginCheck_ManyDueOneAfterTheOther_LooksAtMostOnceASecond()
    {
        var timeouts = new ConnectionTimeouts(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10));
        timeouts.BeginCheck(100 * Second);

        timeouts.Check(new Connection { LastBytesAt = 40 * Second + 1 }, 100 * Second);

        Assert.Equal(101 * Second, timeouts.NextCheckAt);
    }
}
