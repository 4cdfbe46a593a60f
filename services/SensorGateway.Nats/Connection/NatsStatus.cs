using SensorGateway.Nats.Sending;

namespace SensorGateway.Nats.Connection;

/// <summary>What the reading side knows of the server. Written by it alone, read by any thread.</summary>
internal sealed class NatsStatus
{
    private const int UsualMaxPayloadBytes = 1024 * 1024;

    private volatile NatsConnectionState _state = NatsConnectionState.Connecting;
    private volatile string? _lastError;
    private volatile ServerIdentity? _server;
    private volatile int _maxPayloadBytes = UsualMaxPayloadBytes;
    private volatile bool _headersSupported = true;
    private long _confirmedMessages;
    private long _confirmedBytes;
    private long _sessions;
    private long _permissionViolations;
    private long _fencedMessages;
    private long _refusedMessages;

    public NatsConnectionState State
    {
        get => _state;
        set => _state = value;
    }

    public string? LastError
    {
        get => _lastError;
        set => _lastError = value;
    }

    /// <summary>The last server that accepted us.</summary>
    public ServerIdentity? Server
    {
        get => _server;
        set => _server = value;
    }

    public int MaxPayloadBytes => _maxPayloadBytes;

    public bool HeadersSupported => _headersSupported;

    /// <summary>Messages the server has read and not refused.</summary>
    public long ConfirmedMessages => Volatile.Read(ref _confirmedMessages);

    public long ConfirmedBytes => Volatile.Read(ref _confirmedBytes);

    public long Sessions => Volatile.Read(ref _sessions);

    /// <summary>Messages the server has read; those it refused are among them.</summary>
    public long FencedMessages => Volatile.Read(ref _fencedMessages);

    /// <summary>Messages the server has read and refused for their subject, each counted once.</summary>
    public long RefusedMessages => Volatile.Read(ref _refusedMessages);

    public RefusedSubjects RefusedSubjects { get; } = new();

    public long PermissionViolations => Volatile.Read(ref _permissionViolations);

    public void SetLimits(int maxPayloadBytes, bool headersSupported)
    {
        _maxPayloadBytes = maxPayloadBytes;
        _headersSupported = headersSupported;
    }

    /// <param name="mark">Behind what the server has read.</param>
    /// <param name="refused">How many of these messages it refused since the last fence.</param>
    public void Confirm(in FenceMark mark, long refused)
    {
        CountRefused(refused);
        Volatile.Write(ref _confirmedMessages, Math.Max(_confirmedMessages, mark.Messages - _refusedMessages));
        Volatile.Write(ref _fencedMessages, mark.Messages);
        Volatile.Write(ref _confirmedBytes, mark.MessageBytes);
    }

    public void CountRefused(long messages) => Volatile.Write(ref _refusedMessages, _refusedMessages + messages);

    public void CountSession() => Volatile.Write(ref _sessions, _sessions + 1);

    public void CountPermissionViolation() => Volatile.Write(ref _permissionViolations, _permissionViolations + 1);
}

internal sealed record ServerIdentity(string Endpoint, string? Name, string? Version);
