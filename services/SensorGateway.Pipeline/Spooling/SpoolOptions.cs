using SensorGateway.Pipeline.Spooling.Files;

namespace SensorGateway.Pipeline.Spooling;

/// <summary>When a record counts as stored.</summary>
public enum SpoolFsync
{
    /// <summary>When the disk has it; records of a few milliseconds share one fsync.</summary>
    Group,

    /// <summary>When the operating system has it: survives the death of the gateway, not of the machine.</summary>
    Off,
}

/// <summary>Where and how alerts are stored while NATS does not take them. Immutable.</summary>
public sealed record SpoolOptions
{
    /// <summary>Least space a spool works with.</summary>
    public const long BytesMin = 1024 * 1024;

    private const int SegmentBytesMin = 512 * 1024;
    private const int SegmentBytesMost = 16 * 1024 * 1024;
    private const int SegmentsAimed = 16;

    /// <summary>Folder of the spool; made when it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>Most bytes on the disk, segments that were put aside not counted.</summary>
    public long BytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>When a record counts as stored.</summary>
    public SpoolFsync Fsync { get; init; } = SpoolFsync.Group;

    /// <summary>Longest time a record waits for its fsync.</summary>
    public TimeSpan FsyncInterval { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>After a failed write the disk gets this long a rest.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>At a start the disk gets this long to answer; then the gateway starts without it.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>At a stop the disk gets this long for what is not stored yet: one that hangs must not keep the process.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A folder that tests play; null for the one on the disk.</summary>
    internal ISpoolFiles? Files { get; init; }

    /// <summary>
    /// Alerts a second that come back out of the spool, besides a quarter more than go in meanwhile: so it always
    /// empties, and does not flood a server that has just come back.
    /// </summary>
    public int ReplayPerSecond { get; init; } = 50_000;

    /// <summary>Size of one file: a sixteenth of the space, 512 KiB to 16 MiB.</summary>
    public int SegmentBytes => (int)Math.Clamp(BytesMax / SegmentsAimed, SegmentBytesMin, SegmentBytesMost);
}
