using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SensorGateway.Pipeline.Sources;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Tests.Sources;

public sealed class SourceJournalTests : ILogger
{
    private static readonly long Second = Stopwatch.Frequency;
    private static readonly SourceOptions Options = new() { Id = "field", Type = SourceType.Tcp, MaxPayloadBytes = 100 };

    private readonly List<string> _lines = [];

    [Fact]
    public void Rejected_ManyTimes_WritesOneLineAndOneSum()
    {
        var journal = new SourceJournal(this, Options);
        for (var i = 0; i < 1000; i++)
        {
            journal.Rejected(RejectReason.TooLarge, "10.0.0.7", closed: true, i);
        }

        Assert.Equal(10 * Second, journal.DueAtTicks);
        journal.Flush(10 * Second);

        Assert.Equal(
            [
                "Source field, sensor 10.0.0.7: longer than max_payload (100 bytes); connection closed. To mend it, "
                    + "check the sender's framing or raise sources.field.max_payload.",
                "Source field: 999 more of \"payloads rejected: longer than max_payload (100 bytes)\" since the last "
                    + "such line.",
            ],
            _lines);
        Assert.Equal(long.MaxValue, journal.DueAtTicks);
    }

    [Fact]
    public void Lines_OfEveryKind_EachPassOnTheirOwn()
    {
        var journal = new SourceJournal(this, Options);
        foreach (var reason in Enum.GetValues<RejectReason>())
        {
            journal.Rejected(reason, "s", closed: false, 0);
        }

        foreach (var reason in Enum.GetValues<DropReason>())
        {
            journal.Dropped(reason, 1, 0);
        }

        journal.RefusedConnection(0);
        journal.AcceptFailed(24, 0);
        journal.NoSensorForConnection(0);
        journal.ClosedIdle("s", 0);

        Assert.Equal(Enum.GetValues<RejectReason>().Length + Enum.GetValues<DropReason>().Length + 4, _lines.Count);
        Assert.Equal(_lines.Count, _lines.Distinct().Count());
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add(formatter(state, exception));
}
