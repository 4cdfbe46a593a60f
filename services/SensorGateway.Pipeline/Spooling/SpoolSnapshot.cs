namespace SensorGateway.Pipeline.Spooling;

/// <summary>A spool at one moment.</summary>
public sealed record SpoolSnapshot
{
    /// <summary>
    /// <c>ok</c>, <c>recovering</c> while it reads what an earlier start left, <c>failing</c>, or <c>hanging</c> while a call
    /// to the disk does not return.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Why the disk takes nothing, or the last thing it complained of.</summary>
    public string? LastError { get; init; }

    /// <summary>Where it is.</summary>
    public required string Folder { get; init; }

    /// <summary>Bytes of stored records, confirmed ones in the same segment included.</summary>
    public long Bytes { get; init; }

    /// <summary>Most bytes.</summary>
    public long BytesMax { get; init; }

    /// <summary>Segment files.</summary>
    public int Segments { get; init; }

    /// <summary>Records in them; an alert that a connection keeps as well is counted here too.</summary>
    public long Records { get; init; }

    /// <summary>Records that the disk is known to have; without fsync, that the system has.</summary>
    public long SyncedRecords { get; init; }

    /// <summary>Time since the oldest segment was begun; zero when there is none.</summary>
    public TimeSpan OldestAge { get; init; }

    /// <summary>Bytes in segments of earlier starts that were no sound records.</summary>
    public long DamagedBytes { get; init; }

    /// <summary>Segments put aside as <c>.bad</c>.</summary>
    public int BadFiles { get; init; }

    /// <summary>The longest time a write with its fsync has taken.</summary>
    public TimeSpan SlowestWrite { get; init; }

    /// <summary>Writes and fsyncs that failed.</summary>
    public long WriteErrors { get; init; }
}
