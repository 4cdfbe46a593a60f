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

    public long ConfirmedMessages => Volatile.Read(ref _confirmedMessages);

    public long ConfirmedBytes => Volatile.Read(ref _confirmedBytes);

    public long Sessions => Volatile.Read(ref _sessions);

    public long PermissionViolations => Volatile.Read(ref _permissionViolations);

    public void SetLimits(int maxPayloadBytes, bool headersSupported)
    {
        _maxPayloadBytes = maxPayloadBytes;
        _headersSupported = headersSupported;
    }

    public void Confirm(in FenceMark mark)
    {
        Volatile.Write(ref _confirmedMessages, mark.Messages);
        Volatile.Write(ref _confirmedBytes, mark.MessageBytes);
    }

    public void CountSession() => Volatile.Write(ref _sessions, _sessions + 1);

    public void CountPermissionViolation() => Volatile.Write(ref _permissionViolations, _permissionViolations + 1);
}

internal sealed record ServerIdentity(string Endpoint, string? Name, string? Version);
