using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Tests.Simulation.Twins;

/// <summary>A real connection of which one thing can be made wrong.</summary>
internal class ConnectionTwin(IPublishConnection inner) : IPublishConnection
{
    protected IPublishConnection Inner => inner;

    public virtual long NextFlushDueTicks => inner.NextFlushDueTicks;

    public int PollDescriptor => inner.PollDescriptor;

    public virtual long SettledThrough => inner.SettledThrough;

    public long KeptBytes => inner.KeptBytes;

    public bool HasBacklog => inner.HasBacklog;

    public bool Hurry
    {
        get => inner.Hurry;
        set => inner.Hurry = value;
    }

    public virtual long SentMessages => inner.SentMessages;

    public virtual long SettledMessages => inner.SettledMessages;

    public virtual long KeptMessages => inner.KeptMessages;

    public double FreeShare => inner.FreeShare;

    public void Start() => inner.Start();

    public virtual AppendResult TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload) =>
        inner.TryAppend(subject, payload);

    public FlushResult Flush(long nowTicks) => inner.Flush(nowTicks);

    public bool TryCopyKept(long ordinal, Span<byte> target, out Range subject, out Range payload) =>
        inner.TryCopyKept(ordinal, target, out subject, out payload);

    public virtual ConnectionSnapshot Snapshot() => inner.Snapshot();

    public void Dispose() => inner.Dispose();
}
