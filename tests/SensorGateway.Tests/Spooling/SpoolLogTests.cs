using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Spooling.Segments;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Spooling;

public sealed class SpoolLogTests
{
    private static readonly SpoolOptions Options = new() { Folder = "x" };

    [Fact]
    public void Append_InSteadyState_AllocatesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("sensor-gateway-spool-");
        using var files = new Pipeline.Spooling.Files.DiskFiles(folder.FullName);
        using var log = new SpoolLog(files, Options, 1);
        log.Open(1);
        var json = new byte[400];
        var sequence = 0UL;

        var allocated = Allocations.Of(8_000, _ =>
        {
            log.TryAppend(new SpoolHead(++sequence, 1, 1, Severity.High, false), "alerts.high.a"u8, json);
            log.WriteOut();
            log.TryPeek(0, out var record);
            log.Take(0, record);
        });

        Assert.Equal(0, allocated);
        Assert.Equal((16_000, 0L), ((int)log.Records, log.Lanes[0].Pending));
        log.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Cap_IsNeverPassed_AndHoldsTheRestBackUntilThereIsRoom()
    {
        var files = new MemoryFiles();
        using var log = new SpoolLog(files, Options with { BytesMax = SpoolOptions.BytesMin }, 1);
        log.Open(1);
        var json = new byte[1000];
        var sequence = 0UL;
        var wasFull = false;
        while (!wasFull)
        {
            while (log.TryAppend(new SpoolHead(++sequence, 0, 1, Severity.High, false), "s"u8, json))
            {
            }

            sequence--;
            wasFull = !log.WriteOut();
            Assert.True(files.List().Sum(static file => file.Bytes) <= SpoolOptions.BytesMin);
        }

        Assert.InRange((long)sequence, 900, 1100);
        ulong[] confirmed = [0];
        for (var i = 0; i < 600; i++)
        {
            Assert.True(log.TryPeek(0, out var record));
            log.Take(0, record);
            confirmed[0] = record.Head.Sequence;
        }

        Assert.Equal(1, log.Release(confirmed)); // The first half; and with it comes room.
        Assert.True(log.WriteOut());
    }

    [Fact]
    public void Release_OfTheOnlySegment_WhenWhatWaitsDoesNotFitIntoIt_MakesRoom()
    {
        var files = new MemoryFiles();
        using var log = new SpoolLog(files, Options with { BytesMax = 64 * 1024 }, 1); // As when the cap was larger before.
        log.Open(1);
        var sequence = 0UL;
        do
        {
            log.TryAppend(new SpoolHead(++sequence, 0, 1, Severity.High, false), "s"u8, new byte[1000]);
        }
        while (log.WriteOut());

        for (var i = 1UL; i < sequence; i++)
        {
            Assert.True(log.TryPeek(0, out var record));
            log.Take(0, record);
        }

        Assert.Equal(1, log.Release([sequence - 1]));
        Assert.True(log.WriteOut());
        Assert.True(log.TryPeek(0, out var last));
        Assert.Equal(sequence, last.Head.Sequence);
    }

    [Fact]
    public void Start_WithATornLastSegment_FindsEveryRecordOfTheOneBefore()
    {
        var files = new MemoryFiles();
        using (var before = new SpoolLog(files, Options, 1))
        {
            before.Open(1);
            before.TryAppend(new SpoolHead(1, 0, 1, Severity.High, false), "s"u8, "{}"u8);
            before.WriteOut();
        }

        files[SegmentHeader.NameOf(2)] = new byte[SegmentHeader.Bytes - 9]; // Made, and killed before the header was written.
        using var log = new SpoolLog(files, Options, 1);
        log.Open(3);
        while (log.Unscanned > 0)
        {
            log.ScanNext();
        }

        Assert.True(log.TryPeek(0, out var record));
        Assert.Equal(1UL, record.Head.Sequence);
        Assert.Equal(0, log.DamagedBytes);
    }

    [Fact]
    public void Start_AfterAKill_GivesBackWhatTheDeadOneHadReserved()
    {
        var folder = Directory.CreateTempSubdirectory("sensor-gateway-spool-");
        using (var killed = new Pipeline.Spooling.Files.DiskFiles(folder.FullName))
        {
            // Neither sealed nor closed in order, as SIGKILL leaves it.
            var before = new SpoolLog(killed, Options, 1);
            before.Open(1);
            before.TryAppend(new SpoolHead(1, 0, 1, Severity.High, false), "s"u8, "{}"u8);
            before.WriteOut();
        }

        var segment = Directory.EnumerateFiles(folder.FullName, "*" + SegmentHeader.Suffix).Single();
        var bytes = new FileInfo(segment).Length;
        Assert.True(BytesOnDisk(segment) >= Options.SegmentBytes, "nothing was reserved");
        using var files = new Pipeline.Spooling.Files.DiskFiles(folder.FullName);
        using var log = new SpoolLog(files, Options, 1);
        log.Open(2);
        log.ScanNext();

        Assert.InRange(BytesOnDisk(segment), 1, 64 * 1024);
        Assert.Equal((bytes, 1L), (new FileInfo(segment).Length, log.Recovered));
        log.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Copies_ComeBackAtTheNextStartAlone()
    {
        var files = new MemoryFiles();
        using (var log = new SpoolLog(files, Options, 2))
        {
            log.Open(1);
            log.TryAppend(new SpoolHead(1, 0, 1, Severity.High, true), "s"u8, "1"u8);
            log.TryAppend(new SpoolHead(2, 0, 1, Severity.High, false), "s"u8, "2"u8);
            log.WriteOut();
            Assert.True(log.TryPeek(0, out var own));
            Assert.Equal(2UL, own.Head.Sequence);
            log.Take(0, own);
            Assert.Equal(0, log.Release([1, 0])); // The second is not confirmed, and neither file nor first may go.
        }

        using var next = new SpoolLog(files, Options, 2);
        next.Open(1UL << 30);
        next.ScanNext();
        Assert.Equal(2, next.Recovered);
        Assert.True(next.TryPeek(0, out var first));
        Assert.Equal(1UL, first.Head.Sequence);
    }

    /// <summary>As du counts; the framework does not tell.</summary>
    private static long BytesOnDisk(string path)
    {
        using var stat = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%b", path]) { RedirectStandardOutput = true })!;
        return 512 * long.Parse(stat.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
