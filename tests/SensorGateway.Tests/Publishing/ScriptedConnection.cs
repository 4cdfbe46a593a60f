using System.Text;
using SensorGateway.Pipeline.Publishing;

namespace SensorGateway.Tests.Publishing;

/// <summary>A connection that is as full, blocked or down as a test says, and remembers what it was given.</summary>
internal sealed class ScriptedConnection : IPublishConnection
{
    private int _unsent;

    /// <summary>Messages it keeps before it answers Full.</summary>
    public int KeepsMax { get; set; } = int.MaxValue;

    /// <summary>What Flush answers; Idle sends everything.</summary>
    public FlushResult State { get; set; } = FlushResult.Idle;

    /// <summary>While Blocked, messages that each flush still sends.</summary>
    public int TrickleMessages { get; set; }

    /// <summary>Whether what is sent is confirmed at once.</summary>
    public bool Confirms { get; set; } = true;

    /// <summary>Messages that contain this byte are too large.</summary>
    public byte? TooLargeMark { get; set; }

    /// <summary>Whether to remember messages; off for allocation tests.</summary>
    public bool Remembers { get; init; } = true;

    public List<(string Subject, string Json)> Messages { get; } = [];

    public int Flushes { get; private set; }

    public long Appended { get; private set; }

    public long Kept => Appended - SettledMessages;

    public long NextFlushDueTicks { get; set; } = long.MaxValue;

    public int PollDescriptor { get; set; } = -1;

    public long SentMessages { get; private set; }

    public long SettledMessages { get; private set; }

    public long SettledThrough => SettledMessages;

    /// <summary>What each message counts for in <see cref="KeptBytes"/>.</summary>
    public int BytesEach { get; init; }

    public long KeptBytes => Kept * BytesEach;

    public long KeptMessages => Kept;

    public bool HasBacklog => _unsent > 0;

    public bool Hurry { get; set; }

    public void Start()
    {
    }

    public AppendResult TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        if (subject.IsEmpty)
        {
            return AppendResult.BadSubject;
        }

        if (TooLargeMark is { } mark && payload.Contains(mark))
        {
            return AppendResult.TooLarge;
        }

        if (Kept >= KeepsMax)
        {
            return AppendResult.Full;
        }

        if (Remembers)
        {
            Messages.Add((Encoding.UTF8.GetString(subject), Encoding.UTF8.GetString(payload)));
        }

        Appended++;
        _unsent++;
        return AppendResult.Appended;
    }

    public FlushResult Flush(long nowTicks)
    {
        Flushes++;
        var sends = State switch
        {
            FlushResult.Idle => _unsent,
            FlushResult.Blocked => Math.Min(_unsent, TrickleMessages),
            _ => 0,
        };
        _unsent -= sends;
        SentMessages += sends;
        if (Confirms && State != FlushResult.Down)
        {
            SettledMessages = SentMessages;
        }

        return State == FlushResult.Blocked && _unsent == 0 ? FlushResult.Idle : State;
    }

    public bool TryCopyKept(long ordinal, Span<byte> target, out Range subject, out Range payload)
    {
        var (name, json) = Messages[(int)(SettledMessages + ordinal)];
        var subjectBytes = Encoding.UTF8.GetBytes(name, target);
        var payloadBytes = Encoding.UTF8.GetBytes(json, target[subjectBytes..]);
        (subject, payload) = (..subjectBytes, subjectBytes..(subjectBytes + payloadBytes));
        return true;
    }

    /// <summary>Drops what was not sent, as a server with a lower limit makes the client do.</summary>
    public void LoseUnsent()
    {
        Appended -= _unsent;
        _unsent = 0;
    }

    public ConnectionSnapshot Snapshot() => new() { Index = 0, State = "connected" };

    public void Dispose()
    {
    }
}
