using System.Diagnostics;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>What a connection is and has done, for any thread.</summary>
internal sealed class ClientCounters
{
    private readonly Lock _settling = new(); // Taken some fifty times a second, never on the way of an alert in mode fenced.
    private SettledMarkBox _settled = new(default);
    private long _settledAtTicks = Stopwatch.GetTimestamp();
    private long _appended;
    private long _appendedPosition;
    private long _sent;
    private long _sentThrough;
    private long _dropped;
    private long _resent;
    private long _sessions;
    private long _violations;
    private int _maxPayloadBytes;
    private volatile ClientState _state = new("connecting", null, null);

    public long Sent => Volatile.Read(ref _sent);

    public long Settled => SettledMark.Messages;

    public LogMark SettledMark => Volatile.Read(ref _settled).Mark;

    public long UnconfirmedBytes
    {
        get
        {
            var gone = SettledMark.Position; // Read before what comes: the difference is never below zero.
            return Math.Max(0, Volatile.Read(ref _appendedPosition) - gone);
        }
    }

    public int MaxPayloadBytes => Volatile.Read(ref _maxPayloadBytes);

    public void NoteAppended(LogMark appended)
    {
        if (Settled == _appended)
        {
            Volatile.Write(ref _settledAtTicks, Stopwatch.GetTimestamp()); // The wait begins with this message.
        }

        Volatile.Write(ref _appendedPosition, appended.Position);
        Volatile.Write(ref _appended, appended.Messages);
    }

    /// <summary>A message is counted the first time only.</summary>
    public void NoteSent(long sentThrough)
    {
        if (sentThrough > _sentThrough)
        {
            _sentThrough = sentThrough;
            Volatile.Write(ref _sent, _sent + 1);
        }
    }

    /// <summary>Each message is dropped once at most; it may have been sent before, to a server that took it.</summary>
    public void NoteDropped(long sentThrough)
    {
        _sentThrough = Math.Max(_sentThrough, sentThrough);
        Volatile.Write(ref _dropped, _dropped + 1);
    }

    public void NoteResent(long messages) => Volatile.Write(ref _resent, _resent + messages);

    /// <summary>Any thread. An answer that a lost session left behind may come after that of the next one.</summary>
    public void NoteSettled(LogMark mark)
    {
        lock (_settling)
        {
            if (mark.Messages > _settled.Mark.Messages)
            {
                Volatile.Write(ref _settled, new SettledMarkBox(mark));
                Volatile.Write(ref _settledAtTicks, Stopwatch.GetTimestamp());
            }
        }
    }

    public void NoteConnected(string endpoint, int maxPayloadBytes)
    {
        Volatile.Write(ref _maxPayloadBytes, maxPayloadBytes);
        Volatile.Write(ref _sessions, _sessions + 1);
        _state = new("connected", endpoint, null);
    }

    public void NoteDown(string state, string? reason) => _state = new(state, null, reason ?? _state.LastError);

    public void NoteComplaint(string text, bool isPublishViolation)
    {
        ClientState seen;
        do
        {
            seen = _state;
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _state, seen with { LastError = text }, seen), seen));

        if (isPublishViolation)
        {
            Interlocked.Increment(ref _violations);
        }
    }

    /// <param name="index">Number in the pool.</param>
    /// <param name="isCore">Sent counts as settled and not as confirmed.</param>
    public ConnectionSnapshot Snapshot(int index, bool isCore)
    {
        var state = _state;
        var settled = SettledMark;
        var violations = Volatile.Read(ref _violations);
        var dropped = Volatile.Read(ref _dropped);
        var forbidden = Math.Min(violations, Math.Max(0, settled.Messages - dropped));
        var arrived = Math.Max(0, settled.Messages - dropped - forbidden);
        var appended = Volatile.Read(ref _appended);
        return new ConnectionSnapshot
        {
            Index = index,
            State = state.Name,
            Endpoint = state.Endpoint,
            LastError = state.LastError,
            Appended = appended,
            Confirmed = isCore ? 0 : arrived,
            SentUnconfirmed = isCore ? arrived : 0,
            Unconfirmed = Math.Max(0, appended - settled.Messages),
            UnconfirmedBytes = UnconfirmedBytes,
            UnconfirmedFor = appended > settled.Messages
                ? Stopwatch.GetElapsedTime(Volatile.Read(ref _settledAtTicks))
                : TimeSpan.Zero,
            DroppedTooLarge = dropped,
            SubjectForbidden = forbidden,
            Resent = Volatile.Read(ref _resent),
            Reconnects = Math.Max(0, Volatile.Read(ref _sessions) - 1),
            MaxPayloadBytes = MaxPayloadBytes,
            PermissionViolations = violations,
        };
    }

    private sealed record SettledMarkBox(LogMark Mark);

    private sealed record ClientState(string Name, string? Endpoint, string? LastError);
}
