using SensorGateway.Nats;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>The gateway's own NATS client behind the seam.</summary>
public sealed class WireConnection(NatsConnection connection, int index, NatsDelivery delivery) : IPublishConnection
{
    /// <inheritdoc/>
    public long NextFlushDueTicks => connection.NextFenceDueTicks;

    /// <inheritdoc/>
    public int PollDescriptor => connection.PollDescriptor;

    /// <inheritdoc/>
    public long SentMessages => connection.SentMessages;

    /// <inheritdoc/>
    public long ResentMessages => connection.ResentMessages;

    /// <inheritdoc/>
    public long SettledMessages => connection.AppendedMessages - connection.UnconfirmedMessages;

    /// <inheritdoc/>
    public long SettledThrough => connection.SettledThrough;

    /// <inheritdoc/>
    public long KeptBytes => connection.UnconfirmedBytes;

    /// <inheritdoc/>
    public bool HasBacklog => connection.HasUnsent;

    /// <inheritdoc/>
    public bool Hurry
    {
        get => connection.Hurry;
        set => connection.Hurry = value;
    }

    /// <inheritdoc/>
    public long KeptMessages => connection.KeptMessages;

    /// <inheritdoc/>
    public double FreeShare => connection.FreeShare;

    /// <inheritdoc/>
    public bool TryCopyKept(long ordinal, Span<byte> target, out Range subject, out Range payload) =>
        connection.TryCopyKept(ordinal, target, out subject, out payload);

    /// <inheritdoc/>
    public void Start() => connection.Start();

    /// <inheritdoc/>
    public AppendResult TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload) =>
        (delivery == NatsDelivery.JetStream
            ? connection.TryAppendWithId(subject, AlertId(payload), payload)
            : connection.TryAppend(subject, default, payload)) switch
        {
            NatsAppendResult.Appended => AppendResult.Appended,
            NatsAppendResult.LogFull => AppendResult.Full,
            NatsAppendResult.TooLarge => AppendResult.TooLarge,
            _ => AppendResult.BadSubject,
        };

    /// <inheritdoc/>
    public FlushResult Flush(long nowTicks) => connection.Flush(nowTicks) switch
    {
        NatsFlushResult.Idle => FlushResult.Idle,
        NatsFlushResult.Blocked => FlushResult.Blocked,
        _ => FlushResult.Down,
    };

    /// <inheritdoc/>
    public ConnectionSnapshot Snapshot() => new()
    {
        Index = index,
        State = connection.State.ToString().ToLowerInvariant(),
        Endpoint = connection.ConnectedEndpoint,
        LastError = connection.LastError,
        Appended = connection.AppendedMessages,
        Confirmed = connection.ConfirmedMessages,
        SentUnconfirmed = delivery == NatsDelivery.Core ? Math.Max(0, connection.SentMessages - connection.RefusedMessages) : 0,
        Unconfirmed = connection.UnconfirmedMessages,
        UnconfirmedBytes = connection.UnconfirmedBytes,
        UnconfirmedFor = connection.UnconfirmedFor,
        DroppedTooLarge = connection.DroppedTooLarge,
        StreamRejected = connection.RejectedByStream,
        SubjectForbidden = connection.RefusedMessages,
        Duplicates = connection.Duplicates,
        AckWindow = connection.AckWindow,
        AcksOutstanding = connection.UnansweredMessages,
        RefusedSubjects = connection.RefusedSubjects,
        Resent = connection.ResentMessages,
        Reconnects = connection.Reconnects,
        MaxPayloadBytes = connection.MaxPayloadBytes,
        PermissionViolations = connection.PermissionViolations,
    };

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    /// <summary>The id as the alert's JSON has it; empty when it does not start like one, then the client makes an id.</summary>
    internal static ReadOnlySpan<byte> AlertId(ReadOnlySpan<byte> json)
    {
        var alert = """{"kind":"alert","id":" """u8[..^1];
        var summary = """{"kind":"summary","id":" """u8[..^1];
        var start = json.StartsWith(alert) ? alert.Length : json.StartsWith(summary) ? summary.Length : -1;
        if (start < 0)
        {
            return [];
        }

        var id = json[start..];
        var end = id.IndexOf((byte)'"');
        return end is > 0 and <= NatsConnection.MessageIdMaxBytes ? id[..end] : [];
    }
}
