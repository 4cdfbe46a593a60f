using System.Diagnostics;
using System.Text.Unicode;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Telemetry;

namespace SensorGateway.Pipeline.Publishing.NatsClient;

/// <summary>NATS.Client.Core behind the seam: the messages are kept here until the answer to a PING behind them.</summary>
/// <remarks>
/// "Sent" means taken by the library's buffer, which a task of its own empties into the socket: in mode core a cut may
/// lose what it holds. Counters are for any thread; the rest belongs to the
/// holder of the publish baton.
/// </remarks>
internal sealed class NatsClientConnection : IPublishConnection
{
    private readonly NatsOptions _options;
    private readonly int _index;
    private readonly Action _attend;
    private readonly Lock _attending = new(); // Taken when something waited or changed, never on the way of an alert.
    private readonly bool _fenced;
    private readonly MessageLog _log;
    private readonly SubjectNames _names = new();
    private readonly ClientCounters _counters = new();
    private readonly ClientDialer _dialer;
    private readonly long _fenceTicks;
    private readonly long _livenessTicks;
    private ClientSession? _session;
    private LogMark _fencedThrough;
    private long _lastFenceTicks = long.MinValue / 2;
    private bool _fenceInFlight;
    private bool _disposed;

    /// <param name="options">How to reach NATS.</param>
    /// <param name="index">Number in the pool.</param>
    /// <param name="attend">Called from any thread when a flush is wanted.</param>
    /// <param name="log">For changes of state.</param>
    /// <exception cref="NotSupportedException">The options ask for what this driver does not do.</exception>
    public NatsClientConnection(NatsOptions options, int index, Action attend, ILogger log)
    {
        if (ClientLogin.Objection(options) is { } objection)
        {
            throw new NotSupportedException(objection);
        }

        _options = options;
        _index = index;
        _attend = attend;
        _fenced = options.Delivery == NatsDelivery.Fenced;
        _log = new MessageLog(options.SendLogBytes);
        _fenceTicks = Clock.Ticks(options.FenceInterval);
        _livenessTicks = Clock.Ticks(options.LivenessTimeout);
        _dialer = new ClientDialer(options, index, Attend, _counters, log);
    }

    public long NextFlushDueTicks => _session is null || !_fenced ? long.MaxValue
        : _fenceInFlight ? _lastFenceTicks + _livenessTicks
        : _log.Sent.Messages > _fencedThrough.Messages ? FenceDueTicks
        : long.MaxValue;

    /// <summary>The library tells when there is room again; there is nothing to poll.</summary>
    public int PollDescriptor => -1;

    public long SettledThrough => _log.Released.Messages;

    public long KeptBytes => _counters.UnconfirmedBytes;

    public bool HasBacklog => _log.HasUnsent;

    public bool Hurry { get; set; }

    public long KeptMessages => _log.Kept;

    public double FreeShare => _log.FreeShare;

    public long SentMessages => _counters.Sent;

    public long SettledMessages => _counters.Settled;

    private long FenceDueTicks => Hurry ? _lastFenceTicks : _lastFenceTicks + _fenceTicks;

    public void Start() => _dialer.Start();

    public AppendResult TryAppend(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        if (!NatsSubject.IsPublishable(subject) || !Utf8.IsValid(subject))
        {
            return AppendResult.BadSubject;
        }

        var limit = _counters.MaxPayloadBytes;
        if ((limit > 0 && payload.Length > limit) || !_log.CanHold(subject.Length, payload.Length))
        {
            return AppendResult.TooLarge;
        }

        TakeConfirmations();
        if (!_log.TryAppend(subject, payload))
        {
            return AppendResult.Full;
        }

        _counters.NoteAppended(_log.Appended);
        return AppendResult.Appended;
    }

    public FlushResult Flush(long nowTicks)
    {
        TakeConfirmations();
        if (CurrentSession() is not { } session)
        {
            return FlushResult.Down;
        }

        if (_fenceInFlight && nowTicks - _lastFenceTicks > _livenessTicks)
        {
            session.Fail($"no answer to PING within {_options.LivenessTimeout.TotalSeconds:0.#}s");
        }

        var blocked = !SendAll(session);
        if (session.IsLost)
        {
            return FlushResult.Down;
        }

        FenceIfDue(session, nowTicks, blocked);
        return blocked ? FlushResult.Blocked : FlushResult.Idle;
    }

    public bool TryCopyKept(long ordinal, Span<byte> target, out Range subject, out Range payload)
    {
        var isThere = _log.TryCopy(ordinal, target, out var subjectBytes, out var payloadBytes);
        (subject, payload) = (..subjectBytes, subjectBytes..(subjectBytes + payloadBytes));
        return isThere;
    }

    public ConnectionSnapshot Snapshot() => _counters.Snapshot(_index, isCore: !_fenced);

    public void Dispose()
    {
        _dialer.Dispose();
        lock (_attending)
        {
            _disposed = true;
        }
    }

    /// <summary>Any thread. What a closed session leaves behind may end later than Dispose; then nobody is there to flush.</summary>
    private void Attend()
    {
        lock (_attending)
        {
            if (!_disposed)
            {
                _attend();
            }
        }
    }

    private ClientSession? CurrentSession()
    {
        if (_dialer.TryTakeSession() is { } next)
        {
            _session = next;
            _counters.NoteResent(_log.Rewind());
            _fencedThrough = _log.Released;
            _fenceInFlight = false;
            _lastFenceTicks = long.MinValue / 2;
        }

        return _session is { IsLost: false } ? _session : null;
    }

    /// <returns>False when a publish waits for room in the library's buffer.</returns>
    private bool SendAll(ClientSession session)
    {
        if (session.TryFinishPending() == true)
        {
            NoteSent();
        }

        while (!session.IsLost && !session.IsBlocked && _log.TryPeek(out var subject, out var payload))
        {
            try
            {
                if (payload.Length > session.MaxPayloadBytes)
                {
                    Drop();
                }
                else if (session.TryPublish(_names.Of(subject), payload))
                {
                    NoteSent();
                }
            }
            catch (NatsPayloadTooLargeException)
            {
                Drop();
            }
        }

        return !session.IsBlocked;
    }

    private void NoteSent()
    {
        _log.Advance();
        _counters.NoteSent(_log.Sent.Messages);
        ReleaseUnlessFenced();
    }

    private void Drop()
    {
        _log.Drop();
        _counters.NoteDropped(_log.Sent.Messages);
        ReleaseUnlessFenced();
    }

    private void ReleaseUnlessFenced()
    {
        if (!_fenced)
        {
            _log.ReleaseThrough(_log.Sent);
            _counters.NoteSettled(_log.Released);
        }
    }

    private void FenceIfDue(ClientSession session, long nowTicks, bool blocked)
    {
        var unfencedBytes = _log.Sent.Position - _fencedThrough.Position;
        if (!_fenced || _fenceInFlight || blocked || _log.Sent.Messages <= _fencedThrough.Messages
            || (!Hurry && nowTicks < FenceDueTicks && unfencedBytes < _options.FenceBytes && !_log.IsNearlyFull))
        {
            return;
        }

        _fencedThrough = _log.Sent;
        _lastFenceTicks = nowTicks;
        _fenceInFlight = true;
        session.Fence(_fencedThrough, Confirm);
    }

    /// <summary>Any thread: a PONG came, which proves that the server has read everything before the mark.</summary>
    private void Confirm(LogMark mark)
    {
        _counters.NoteSettled(mark);
        Attend();
    }

    private void TakeConfirmations()
    {
        var settled = _counters.SettledMark;
        if (settled.Messages > _log.Released.Messages)
        {
            _log.ReleaseThrough(settled);
        }

        if (_fenceInFlight && settled.Messages >= _fencedThrough.Messages)
        {
            _fenceInFlight = false;
        }
    }
}
