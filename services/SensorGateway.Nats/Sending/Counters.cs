namespace SensorGateway.Nats.Sending;

/// <summary>What the sending side counts. It alone writes; any thread reads.</summary>
internal sealed class Counters
{
    private long _appendedMessages;
    private long _appendedBytes;
    private long _sentMessages;
    private long _resentMessages;
    private long _releasedMessages;
    private long _releasedBytes;
    private long _droppedMessages;
    private long _droppedBytes;

    public long AppendedMessages => Volatile.Read(ref _appendedMessages);

    public long AppendedBytes => Volatile.Read(ref _appendedBytes);

    public long SentMessages => Volatile.Read(ref _sentMessages);

    public long ResentMessages => Volatile.Read(ref _resentMessages);

    public long ReleasedMessages => Volatile.Read(ref _releasedMessages);

    public long ReleasedBytes => Volatile.Read(ref _releasedBytes);

    public long DroppedMessages => Volatile.Read(ref _droppedMessages);

    public long DroppedBytes => Volatile.Read(ref _droppedBytes);

    public void CountAppended(long bytes)
    {
        Volatile.Write(ref _appendedMessages, _appendedMessages + 1);
        Volatile.Write(ref _appendedBytes, _appendedBytes + bytes);
    }

    public void CountSent(int firstTime, int again)
    {
        Volatile.Write(ref _sentMessages, _sentMessages + firstTime);
        Volatile.Write(ref _resentMessages, _resentMessages + again);
    }

    public void SetReleased(long messages, long bytes)
    {
        Volatile.Write(ref _releasedMessages, messages);
        Volatile.Write(ref _releasedBytes, bytes);
    }

    public void CountDropped(int messages, long bytes)
    {
        Volatile.Write(ref _droppedMessages, _droppedMessages + messages);
        Volatile.Write(ref _droppedBytes, _droppedBytes + bytes);
    }
}
