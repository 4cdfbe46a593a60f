namespace SensorGateway.Pipeline.Publishing;

/// <summary>Takes everything and keeps nothing: for warming up and for measuring all that lies before the network.</summary>
public sealed class DiscardingConnection : IPublishConnection
{
    private long _appended;

    /// <inheritdoc/>
    public long NextFlushDueTicks => long.MaxValue;

    /// <inheritdoc/>
    public int PollDescriptor => -1;

    /// <inheritdoc/>
    public long SentMessages { get; private set; }

    /// <inheritdoc/>
    public long SettledMessages => SentMessages;

    /// <inheritdoc/>
    public long SettledThrough => SentMessages;

    /// <inheritdoc/>
    public long KeptBytes => 0;

    /// <inheritdoc/>
    public bool HasBacklog => false;

    /// <inheritdoc/>
    public bool Hurry { get; set; }

    /// <inheritdoc/>
    public void Start()
    {
    }

    /// <inheritdoc/>
    public AppendResult TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        _appended++;
        return AppendResult.Appended;
    }

    /// <inheritdoc/>
    public FlushResult Flush(long nowTicks)
    {
        SentMessages = _appended;
        return FlushResult.Idle;
    }

    /// <inheritdoc/>
    public ConnectionSnapshot Snapshot() => new() { Index = 0, State = "connected", SentUnconfirmed = SentMessages };

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
