using SensorGateway.Nats.JetStream;

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
    private long _ackedMessages;
    private long _rejectedMessages;
    private long _duplicateMessages;
    private long _forbiddenMessages;
    private long _settledAtTicks;
    private int _ackWindow;
    private int _unanswered;

    public long AppendedMessages => Volatile.Read(ref _appendedMessages);

    public long AppendedBytes => Volatile.Read(ref _appendedBytes);

    public long SentMessages => Volatile.Read(ref _sentMessages);

    public long ResentMessages => Volatile.Read(ref _resentMessages);

    public long ReleasedMessages => Volatile.Read(ref _releasedMessages);

    public long ReleasedBytes => Volatile.Read(ref _releasedBytes);

    public long DroppedMessages => Volatile.Read(ref _droppedMessages);

    public long DroppedBytes => Volatile.Read(ref _droppedBytes);

    public long AckedMessages => Volatile.Read(ref _ackedMessages);

    public long RejectedMessages => Volatile.Read(ref _rejectedMessages);

    public long DuplicateMessages => Volatile.Read(ref _duplicateMessages);

    public long ForbiddenMessages => Volatile.Read(ref _forbiddenMessages);

    /// <summary>Stopwatch ticks of the last confirmation, or of the first message kept since there was none.</summary>
    public long SettledAtTicks
    {
        get => Volatile.Read(ref _settledAtTicks);
        set => Volatile.Write(ref _settledAtTicks, value);
    }

    /// <summary>Messages that may be unanswered, and that are, at the last flush.</summary>
    public int AckWindow => Volatile.Read(ref _ackWindow);

    public int Unanswered => Volatile.Read(ref _unanswered);

    public void SetWindow(int size, int unanswered)
    {
        Volatile.Write(ref _ackWindow, size);
        Volatile.Write(ref _unanswered, unanswered);
    }

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

    /// <summary>A stream answered a message for good.</summary>
    public void CountAnswer(AckKind kind, int bytes)
    {
        if (kind == AckKind.Rejected)
        {
            Volatile.Write(ref _rejectedMessages, _rejectedMessages + 1);
        }
        else if (kind == AckKind.Forbidden)
        {
            Volatile.Write(ref _forbiddenMessages, _forbiddenMessages + 1);
        }
        else
        {
            Volatile.Write(ref _ackedMessages, _ackedMessages + 1);
            Volatile.Write(ref _duplicateMessages, _duplicateMessages + (kind == AckKind.Duplicate ? 1 : 0));
        }

        SetReleased(_releasedMessages + 1, _releasedBytes + bytes);
    }

    public void CountDropped(int messages, long bytes)
    {
        Volatile.Write(ref _droppedMessages, _droppedMessages + messages);
        Volatile.Write(ref _droppedBytes, _droppedBytes + bytes);
    }
}
