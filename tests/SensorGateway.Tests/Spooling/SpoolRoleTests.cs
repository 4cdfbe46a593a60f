using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Spooling.Segments;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Spooling;

/// <summary>The spool role by hand, on a disk in memory: what the simulation of the whole pipeline has found.</summary>
public sealed class SpoolRoleTests : IDisposable
{
    private readonly ManualTime _clock = new();
    private readonly MemoryFiles _files = new();
    private Spool? _spool;

    [Fact]
    public void Disk_ThatFailedWhileNothingIsStored_IsFoundToWorkAgain()
    {
        var spool = Start();
        Turn(spool);
        _files.Fails = true;
        Put(spool, "1");
        Turn(spool); // The disk does not take it, so it goes back out of memory.
        Assert.True(spool.Port.TryRead(0, out var alert));
        var sequence = alert.Sequence;
        spool.Port.Release(0, 1);
        spool.Port.Confirm(0, sequence);
        Turn(spool);
        Assert.Equal(("failing", 0L), (spool.Snapshot.State, spool.Snapshot.Bytes));

        // Nobody puts anything into a spool that fails: without a look of its own it would fail for ever.
        Assert.InRange(spool.Worker.PlanPark().TimeoutMilliseconds, 1, 1000);
        _files.Fails = false;
        _clock.Advance(TimeSpan.FromSeconds(2));
        Turn(spool);
        Assert.Equal("ok", spool.Snapshot.State);
    }

    [Fact]
    public void Alert_HandedOutWhileTheDiskFails_IsStoredLaterUnlessItWasConfirmed()
    {
        var spool = Start();
        Turn(spool);
        _files.Fails = true;
        Put(spool, "1");
        Turn(spool);
        Assert.True(spool.Port.HasReplay(0));

        _files.Fails = false;
        Assert.True(spool.Finish(_clock.GetTimestamp() + 1)); // Still unconfirmed: whoever has taken it relies on the disk.
        Assert.Equal(1, RecordsOnDisk());
    }

    [Fact]
    public void Start_WithSeveralSegments_CountsAllBeforeAnythingGoesBack()
    {
        Leave(first: 1, records: 3);
        Leave(first: 100, records: 2);
        var spool = Start();
        while (Turn(spool) > 0)
        {
            Assert.True(spool.Port.IsRecovering || !spool.Port.HasReplay(0));
            if (spool.Port.TakeRecovered() is > 0 and var recovered)
            {
                Assert.Equal(5, recovered);
                return;
            }
        }

        Assert.Fail("nothing was recovered");
    }

    [Fact]
    public void HasWork_WhileTheFolderCannotBeOpened_IsFalse()
    {
        _files.Fails = true;
        var spool = Start();
        Put(spool, "1");
        Turn(spool);

        Assert.False(spool.Worker.HasWork); // Else its thread would spin until the disk comes back.
        Assert.InRange(spool.Worker.PlanPark().TimeoutMilliseconds, 50, 1000);
        _files.Fails = false;
        _clock.Advance(TimeSpan.FromSeconds(2));
        while (Turn(spool) > 0)
        {
        }

        Assert.True(spool.Port.HasReplay(0));
    }

    [Fact]
    public void Segment_ThatCannotBeReadForAMoment_IsNotGivenUp()
    {
        var name = LeaveTwo();
        _files.Unreadable[name] = 4; // Of five tries.
        var spool = Start();

        Assert.Equal(5, Recover(spool));
        Assert.Equal((0, 0L), (spool.Snapshot.BadFiles, spool.Snapshot.DamagedBytes));
        Assert.Equal("ok", spool.Snapshot.State);
    }

    [Fact]
    public void Segment_ThatCannotBeReadAtAll_IsPutAsideAndTheOthersAreSent()
    {
        var name = LeaveTwo();
        _files.Unreadable[name] = int.MaxValue;
        var spool = Start();

        Assert.Equal(2, Recover(spool));
        Assert.Equal(1, spool.Snapshot.BadFiles);
        Assert.Contains(name + SegmentHeader.BadSuffix, _files.Names);
    }

    [Fact]
    public void Segments_WhileTheDiskIsAway_AreWaitedFor()
    {
        LeaveTwo();
        var spool = Start();
        Turn(spool); // Looks at the folder.
        _files.Fails = true;
        Put(spool, "{}");
        for (var second = 0; second < 60; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            Turn(spool);
            Assert.False(spool.Worker.HasWork); // Else its thread would spin until the disk comes back.
        }

        _files.Fails = false;
        Assert.Equal(5, Recover(spool));
        Assert.Equal(0, spool.Snapshot.BadFiles);
    }

    [Fact]
    public void Start_WhileTheDiskHangs_GoesOnWithoutItAndRecoversLater()
    {
        LeaveTwo();
        _files.Answers.Reset();
        var spool = Start(TimeSpan.FromMilliseconds(20));

        Put(spool, "{}"); // Waits in memory.
        _files.Answers.Set();
        Assert.Equal(5, Recover(spool));
        while (Turn(spool) > 0)
        {
        }

        Assert.Equal("ok", spool.Snapshot.State);
        Assert.Equal(6, spool.Snapshot.Records);
    }

    public void Dispose() => _spool?.Dispose();

    /// <returns>The name of the first, which holds three of the five alerts.</returns>
    private string LeaveTwo()
    {
        Leave(first: 1, records: 3);
        Leave(first: 100, records: 2);
        return _files.Names.First(static name => name.EndsWith(SegmentHeader.Suffix, StringComparison.Ordinal));
    }

    /// <returns>Alerts of earlier starts.</returns>
    private long Recover(Spool spool)
    {
        for (var turn = 0; turn < 100; turn++)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            Turn(spool);
            if (spool.Port.TakeRecovered() is > 0 and var recovered)
            {
                _clock.Advance(TimeSpan.FromSeconds(2));
                Turn(spool);
                return recovered;
            }
        }

        return 0;
    }

    private static void Put(Spool spool, string json)
    {
        var result = spool.Port.TryPut(
            0, 0, Severity.High, "s"u8, System.Text.Encoding.ASCII.GetBytes(json), isCopy: false, out _);
        Assert.Equal(SpoolPutResult.Taken, result);
        spool.Port.Flush();
    }

    private Spool Start(TimeSpan? limit = null) => _spool = Spool.Create(
        new SpoolOptions { Folder = "x", StartLimit = limit ?? TimeSpan.FromSeconds(2) }, _files, 1, 0, static () => { }, _clock, NullLogger.Instance, out _);

    private int Turn(Spool spool) => spool.Worker.DoWork(_clock.GetTimestamp());

    private void Leave(ulong first, int records)
    {
        using var log = new SpoolLog(_files, new SpoolOptions { Folder = "x" }, 1);
        log.Open(first);
        while (log.Unscanned > 0)
        {
            log.ScanNext();
        }

        for (var i = 0; i < records; i++)
        {
            log.TryAppend(new SpoolHead(first + (ulong)i, 0, 1, Severity.High, false), "s"u8, "{}"u8);
        }

        log.WriteOut();
        log.Sync();
    }

    private long RecordsOnDisk()
    {
        var records = 0L;
        foreach (var name in _files.Names.Where(static name => name.EndsWith(SegmentHeader.Suffix, StringComparison.Ordinal)))
        {
            var data = _files[name].AsSpan();
            for (var at = SegmentHeader.Bytes; at < data.Length;)
            {
                records += SegmentParser.Read(data[at..], isWhole: true, out _, out var bytes) == SegmentPart.Record ? 1 : 0;
                at += bytes;
            }
        }

        return records;
    }
}
