using System.Collections.Immutable;
using SensorGateway.Nats;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>What became of a message handed to a connection.</summary>
public enum AppendResult
{
    /// <summary>Kept, and sent with the next flush.</summary>
    Appended,

    /// <summary>The connection keeps as much as it may; try again after a flush.</summary>
    Full,

    /// <summary>Longer than the server takes.</summary>
    TooLarge,

    /// <summary>The subject cannot be published to.</summary>
    BadSubject,
}

/// <summary>How far a flush came.</summary>
public enum FlushResult
{
    /// <summary>Everything is in the socket.</summary>
    Idle,

    /// <summary>The socket takes no more for now.</summary>
    Blocked,

    /// <summary>No connection for now; messages are kept.</summary>
    Down,
}

/// <summary>One connection to NATS as publishing sees it; the seam between drivers.</summary>
/// <remarks>Append and Flush belong to the holder of the publish baton and never block. Counters are for any thread.</remarks>
public interface IPublishConnection : IDisposable
{
    /// <summary>Starts dialling, on threads of its own.</summary>
    void Start();

    /// <summary>Takes one whole message over.</summary>
    AppendResult TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload);

    /// <summary>Sends what was appended, as far as the socket takes it.</summary>
    FlushResult Flush(long nowTicks);

    /// <summary>Stopwatch ticks when <see cref="Flush"/> must be called even if nothing was appended; MaxValue for never.</summary>
    long NextFlushDueTicks { get; }

    /// <summary>Descriptor to watch for room while blocked; -1 if there is none.</summary>
    int PollDescriptor { get; }

    /// <summary>
    /// Holder of the baton: of all messages taken over, how many of the first ones are done with, in order.
    /// </summary>
    long SettledThrough { get; }

    /// <summary>Bytes kept until confirmed.</summary>
    long KeptBytes { get; }

    /// <summary>Messages taken over wait although the last flush did not fail: the server takes them too slowly.</summary>
    bool HasBacklog { get; }

    /// <summary>Holder of the baton: set while a move waits for confirmations, which then are asked for at once.</summary>
    bool Hurry { get; set; }

    /// <summary>What the connection is and has done.</summary>
    ConnectionSnapshot Snapshot();

    /// <summary>Messages wholly handed to the socket, resends not counted again.</summary>
    long SentMessages { get; }

    /// <summary>Messages handed to the socket again after a cut.</summary>
    long ResentMessages => 0;

    /// <summary>Messages that the server has confirmed, or that mode core has let go.</summary>
    long SettledMessages { get; }

    /// <summary>
    /// Messages kept behind the oldest that is not settled, that one included. Holder of the baton only.
    /// </summary>
    long KeptMessages => 0;

    /// <summary>Part of the room for messages that is free, 0 to 1. Holder of the baton only.</summary>
    double FreeShare => 1;

    /// <summary>Copies one kept message out. Holder of the baton only; cheap when asked one after the other.</summary>
    /// <param name="ordinal">From 0, the oldest, to below <see cref="KeptMessages"/>.</param>
    /// <param name="target">Room for the longest message and what goes around it on the wire.</param>
    /// <param name="subject">Where its subject lies in the target.</param>
    /// <param name="payload">Where its payload lies.</param>
    /// <returns>False when it is settled already.</returns>
    bool TryCopyKept(long ordinal, Span<byte> target, out Range subject, out Range payload)
    {
        (subject, payload) = (default, default);
        return false;
    }
}

/// <summary>A connection at one moment.</summary>
public sealed record ConnectionSnapshot
{
    /// <summary>From 0.</summary>
    public required int Index { get; init; }

    /// <summary><c>connecting</c>, <c>connected</c>, <c>refused</c> or <c>closed</c>.</summary>
    public required string State { get; init; }

    /// <summary>The server it talks to, or null.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Why it is not connected, or the last thing the server complained of.</summary>
    public string? LastError { get; init; }

    /// <summary>Messages taken over.</summary>
    public long Appended { get; init; }

    /// <summary>Messages that a PONG has confirmed (mode fenced) or a stream has stored (mode jetstream).</summary>
    public long Confirmed { get; init; }

    /// <summary>Messages sent and let go (mode core).</summary>
    public long SentUnconfirmed { get; init; }

    /// <summary>Messages kept until they are confirmed.</summary>
    public long Unconfirmed { get; init; }

    /// <summary>Bytes kept.</summary>
    public long UnconfirmedBytes { get; init; }

    /// <summary>How long nothing has been confirmed although messages wait for it.</summary>
    public TimeSpan UnconfirmedFor { get; init; }

    /// <summary>Messages dropped because the server has lowered its limit.</summary>
    public long DroppedTooLarge { get; init; }

    /// <summary>Messages that a stream will never take (mode jetstream).</summary>
    public long StreamRejected { get; init; }

    /// <summary>Messages given up because this user may not publish to their subject.</summary>
    public long SubjectForbidden { get; init; }

    /// <summary>Messages a stream had already when they were sent again (mode jetstream); confirmed all the same.</summary>
    public long Duplicates { get; init; }

    /// <summary>Messages that may wait for the stream's answer now, and that do (mode jetstream; gauges).</summary>
    public int AckWindow { get; init; }

    /// <inheritdoc cref="AckWindow"/>
    public int AcksOutstanding { get; init; }

    /// <summary>Subjects refused for lack of permission, the first few of them.</summary>
    public ImmutableArray<NatsRefusedSubject> RefusedSubjects { get; init; } = [];

    /// <summary>Messages sent again after a cut.</summary>
    public long Resent { get; init; }

    /// <summary>Connections made after the first.</summary>
    public long Reconnects { get; init; }

    /// <summary>Largest message the server takes; 0 before the first connection.</summary>
    public long MaxPayloadBytes { get; init; }

    /// <summary>Publishes the server refused for lack of permission.</summary>
    public long PermissionViolations { get; init; }

    /// <summary>Messages taken over and given up for one reason.</summary>
    public long Dropped(AlertDropReason reason) => reason switch
    {
        AlertDropReason.TooLarge => DroppedTooLarge,
        AlertDropReason.StreamRejected => StreamRejected,
        AlertDropReason.SubjectForbidden => SubjectForbidden,
        _ => 0,
    };
}
