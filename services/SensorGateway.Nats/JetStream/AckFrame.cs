namespace SensorGateway.Nats.JetStream;

internal enum AckFrameState : byte
{
    /// <summary>To be sent, for the first time or again.</summary>
    Waiting,

    /// <summary>Wholly sent; the stream has not answered.</summary>
    Sent,

    /// <summary>Stored, rejected or given up: its bytes go when all before it are settled too.</summary>
    Settled,
}

/// <summary>One message in the <see cref="AckLog"/>.</summary>
internal struct AckFrame
{
    /// <summary>Byte position of the frame.</summary>
    public long Start;

    /// <summary>Stopwatch ticks when its last byte was handed over, the last time.</summary>
    public long SentTicks;

    /// <summary>The whole frame.</summary>
    public int Bytes;

    /// <summary>Headers and payload: what the server holds against its max_payload.</summary>
    public int PayloadBytes;

    public AckFrameState State;
}

/// <summary>What the stream made of one message.</summary>
internal enum AckKind : byte
{
    Stored,

    /// <summary>It had the id already: stored by an earlier try.</summary>
    Duplicate,

    /// <summary>It will never take this message.</summary>
    Rejected,

    /// <summary>The server does not let this user publish to the subject.</summary>
    Forbidden,

    /// <summary>No stream for now, or one that cannot store for now: try again.</summary>
    NotNow,
}

/// <summary>One answer, from the reading side to the sending side.</summary>
/// <param name="Number">The message's number in the log.</param>
/// <param name="Ticks">Stopwatch ticks when it arrived.</param>
/// <param name="Kind">What it says.</param>
internal readonly record struct AckEvent(long Number, long Ticks, AckKind Kind);
