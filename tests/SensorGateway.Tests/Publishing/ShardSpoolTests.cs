using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Pipeline.Publishing;
using SensorGateway.Pipeline.Spooling;
using SensorGateway.Pipeline.Spooling.Segments;
using SensorGateway.Rules.Model;
using SensorGateway.Tests.Spooling;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Publishing;

/// <summary>One connection's way into and out of a spool, between a scripted connection and a disk in memory.</summary>
public sealed class ShardSpoolTests
{
    [Fact]
    public void Copy_ConfirmedBeforeOlderAlertsHaveComeBack_LetsTheirFileStandUntilTheyAreConfirmed()
    {
        var clock = new ManualTime();
        var files = new MemoryFiles();
        LeaveOne(files);
        files.Fails = true; // So the new start does not wait for what is there, and an alert goes out first.
        using var spool = Spool.Create(
            new SpoolOptions { Folder = "x" }, files, 1, 0, static () => { }, clock, NullLogger.Instance, out _);
        using var connection = new KeepingConnection();
        var shard = new Shard(connection, clock.GetTimestamp());
        var way = new ShardSpool(shard, spool.Port, 0, new byte[1024], 64 * 1024);
        var counters = new PublishCounters();
        spool.Worker.DoWork(clock.GetTimestamp());
        shard.Flush(clock.GetTimestamp(), counters);
        way.Begin(counters);
        Assert.False(way.IsSpooling);
        Assert.Equal(AppendResult.Appended, shard.TryAppend("s"u8, "new"u8, 0, 0));
        way.NoteAppended(0, Severity.High);

        files.Fails = false;
        clock.Advance(TimeSpan.FromSeconds(2));
        Work();
        Assert.Equal(1, spool.Port.TakeRecovered());
        way.Begin(counters); // Copies the new alert to the disk, and then takes nothing new until the old one is out.
        Assert.True(way.IsSpooling);
        spool.Port.Flush();
        connection.Settled = 1;
        way.Begin(counters); // The copy is done with; the old alert is not even sent.
        Work();
        Assert.Contains(files.Names, static name => name == SegmentHeader.NameOf(1));

        var (budget, room) = (10.0, 10_000L);
        Assert.Equal(1, way.Replay(ref budget, ref room, counters, static _ => Assert.Fail("dropped")));
        connection.Settled = 2;
        way.Begin(counters);
        Work();
        Assert.Equal(0, spool.Snapshot.Segments);

        void Work()
        {
            while (spool.Worker.DoWork(clock.GetTimestamp()) > 0)
            {
            }
        }
    }

    private static void LeaveOne(MemoryFiles files)
    {
        using var log = new SpoolLog(files, new SpoolOptions { Folder = "x" }, 1);
        log.Open(1);
        log.TryAppend(new SpoolHead(1, 0, 1, Severity.High, false), "s"u8, "old"u8);
        log.WriteOut();
        log.Sync();
    }

    /// <summary>Keeps everything until it is told that it is settled.</summary>
    private sealed class KeepingConnection : IPublishConnection
    {
        private readonly List<byte[]> _messages = [];

        public int Settled { get; set; }

        public long NextFlushDueTicks => long.MaxValue;

        public int PollDescriptor => -1;

        public long SettledThrough => Settled;

        public long KeptBytes => 0;

        public bool HasBacklog => false;

        public bool Hurry { get; set; }

        public long SentMessages => _messages.Count;

        public long SettledMessages => Settled;

        public long KeptMessages => _messages.Count - Settled;

        public void Start()
        {
        }

        public AppendResult TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
        {
            _messages.Add([.. subject, .. payload]);
            return AppendResult.Appended;
        }

        public FlushResult Flush(long nowTicks) => FlushResult.Idle;

        public bool TryCopyKept(long ordinal, Span<byte> target, out Range subject, out Range payload)
        {
            var message = _messages[Settled + (int)ordinal];
            message.CopyTo(target);
            (subject, payload) = (0..1, 1..message.Length);
            return true;
        }

        public ConnectionSnapshot Snapshot() => new() { Index = 0, State = "connected" };

        public void Dispose()
        {
        }
    }
}
