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

    public void Dispose() => _spool?.Dispose();

    private static void Put(Spool spool, string json)
    {
        var result = spool.Port.TryPut(
            0, 0, Severity.High, "s"u8, System.Text.Encoding.ASCII.GetBytes(json), isCopy: false, out _);
        Assert.Equal(SpoolPutResult.Taken, result);
        spool.Port.Flush();
    }

    private Spool Start() => _spool = Spool.Create(
        new SpoolOptions { Folder = "x" }, _files, 1, 0, static () => { }, _clock, NullLogger.Instance, out _);

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
