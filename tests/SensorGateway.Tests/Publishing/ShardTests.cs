using System.Diagnostics;
using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Tests.Publishing;

public sealed class ShardTests : IDisposable
{
    private const int TimesKept = 8_192;

    private readonly ScriptedConnection _connection = new() { Remembers = false };
    private readonly PublishCounters _counters = new();
    private readonly Shard _shard;

    public ShardTests() => _shard = new Shard(_connection);

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void Flush_RecordsTheTimesOfExactlyWhatWasSent()
    {
        (_connection.State, _connection.TrickleMessages) = (FlushResult.Blocked, 3);
        Append(8);

        Assert.True(_shard.Flush(Now, _counters));
        Assert.Equal(3, _counters.IngestToSent.Count);
        _connection.TrickleMessages = 0;
        Assert.False(_shard.Flush(Now, _counters));
        Assert.Equal(3, _counters.HandoverToSent.Count);
        _connection.State = FlushResult.Idle;
        Assert.True(_shard.Flush(Now, _counters));
        Assert.Equal(8, _counters.HandoverToSent.Count);
    }

    [Fact]
    public void Flush_OfMoreUnsentAlertsThanTimesAreKept_RecordsTheYoungest()
    {
        _connection.State = FlushResult.Down;
        Append(100, secondsAgo: 3_600);
        Append(TimesKept, secondsAgo: 0);
        _connection.State = FlushResult.Idle;
        _shard.Flush(Now, _counters);

        Assert.Equal(TimesKept, _counters.IngestToSent.Count);
        Assert.InRange(_counters.IngestToSent.MaxNanoseconds, 0, 3_000_000_000_000); // None of an hour ago.

        Append(5);
        _shard.Flush(Now, _counters);
        Assert.Equal(TimesKept + 5, _counters.IngestToSent.Count);
    }

    [Fact]
    public void Flush_AfterTheConnectionDroppedMessages_DoesNotGiveTheirTimesToOthers()
    {
        _connection.State = FlushResult.Down;
        Append(10, secondsAgo: 3_600);
        _connection.LoseUnsent();
        _connection.State = FlushResult.Idle;
        _shard.Flush(Now, _counters);
        for (var i = 0; i < 50; i++)
        {
            Append(1);
            _shard.Flush(Now, _counters);
        }

        Assert.Equal(50, _counters.IngestToSent.Count);
        Assert.InRange(_counters.IngestToSent.MaxNanoseconds, 0, 3_000_000_000_000);
    }

    [Fact]
    public void MakesProgress_WhileDown_IsFalse()
    {
        _connection.State = FlushResult.Down;
        _shard.Flush(Now, _counters);

        Assert.False(_shard.MakesProgress(Now, long.MaxValue));
    }

    [Fact]
    public void MakesProgress_EndsWhenNothingMovedForThePatience()
    {
        _connection.State = FlushResult.Blocked;
        Append(2);
        var now = Now;
        _shard.Flush(now, _counters);
        Assert.True(_shard.MakesProgress(now + 99, 100));
        Assert.False(_shard.MakesProgress(now + 100, 100));

        _connection.TrickleMessages = 1;
        _shard.Flush(now + 200, _counters);
        Assert.True(_shard.MakesProgress(now + 200, 100));
        Assert.True(_shard.MakesProgress(now + 299, 100));
        Assert.False(_shard.MakesProgress(now + 300, 100));
    }

    [Fact]
    public void MakesProgress_OfAConnectionThatIsJustBack_IsTrueForThePatience()
    {
        var back = Now + 1_000_000; // Long after the last progress.
        _connection.State = FlushResult.Down;
        _shard.Flush(back - 1, _counters);
        _connection.State = FlushResult.Blocked; // Up again, but nothing has moved yet.
        _shard.Flush(back, _counters);

        Assert.True(_shard.MakesProgress(back + 99, 100));
        Assert.False(_shard.MakesProgress(back + 100, 100));
    }

    private static long Now => Stopwatch.GetTimestamp();

    private void Append(int alerts, int secondsAgo = 0)
    {
        var then = Now - secondsAgo * Stopwatch.Frequency;
        for (var i = 0; i < alerts; i++)
        {
            Assert.Equal(AppendResult.Appended, _shard.TryAppend("a.b"u8, "{}"u8, then, then));
        }
    }
}
