using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SensorGateway.Nats.Connection;
using SensorGateway.Nats.JetStream;
using SensorGateway.Nats.Sending;

namespace SensorGateway.Nats;

/// <summary>
/// One connection that only publishes. It redials for ever and keeps what is not delivered, in bounded memory.
/// </summary>
/// <remarks>
/// The sending side (<see cref="TryAppend"/>, <see cref="Flush"/>, <see cref="TryDrain"/>, Dispose and the properties
/// beside them) belongs to one caller at a time. The thread <c>nats-read-n</c> dials and listens; it shares only
/// counters, flags and <see cref="SessionSlot"/> with it. Counters and state may be read from any thread.
/// </remarks>
public sealed partial class NatsConnection : IDisposable
{
    private readonly NatsOptions _options;
    private readonly ILogger _logger;
    private readonly int _index;
    private readonly bool _fenced;
    private readonly SendLog _log;
    private readonly NatsStatus _status = new();
    private readonly Counters _counters = new();
    private readonly SessionSlot _slot = new();
    private readonly PublisherBell _bell;
    private readonly ConnectionReader _reader;
    private bool _started;
    private bool _disposed;

    /// <summary>Prepares a connection; <see cref="Start"/> begins to dial.</summary>
    /// <param name="options">How to reach NATS; at least one server.</param>
    /// <param name="index">Number among its siblings; names its thread and picks its first server.</param>
    /// <param name="wakePublisher">
    /// Called from the reading thread when the sending side should call <see cref="Flush"/>. It must neither block nor
    /// throw, and may still come while Dispose runs.
    /// </param>
    /// <param name="logger">Receives the events 5000-5999.</param>
    public NatsConnection(NatsOptions options, int index, Action wakePublisher, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(wakePublisher);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (options.Servers.IsDefaultOrEmpty)
        {
            throw new ArgumentException("no NATS server is given; name at least one", nameof(options));
        }

        if ((options.NkeyFile is null ? 0 : 1) + (options.CredentialsFile is null ? 0 : 1)
            + (options.User is null && options.Token is null ? 0 : 1) > 1)
        {
            throw new ArgumentException(
                "more than one way to log in is given; name an nkey file, or a credentials file, or user or token",
                nameof(options));
        }

        _options = options;
        _index = index;
        _logger = logger;
        _fenced = options.Delivery == NatsDelivery.Fenced;
        _stream = options.Delivery == NatsDelivery.JetStream ? new StreamSender(options, _counters) : null;
        _log = new SendLog(_stream is null ? options.SendLogBytes : 0); // For a stream it holds PING and PONG only.
        _fences = new FencePolicy(options, _log.CapacityBytes);
        _bell = new PublisherBell(wakePublisher);
        _reader = new ConnectionReader(options, index, _status, _slot, _bell, _stream?.Log, logger);
    }

    /// <summary>Messages copied into the log.</summary>
    public long AppendedMessages => _counters.AppendedMessages;

    /// <summary>Messages wholly handed to a socket, each counted once.</summary>
    public long SentMessages => _counters.SentMessages;

    /// <summary>Messages handed to a socket again after a cut; each may reach subscribers twice.</summary>
    public long ResentMessages => _counters.ResentMessages;

    /// <summary>
    /// Fenced: messages the server has read and not refused. JetStream: messages stored. Core: always 0.
    /// </summary>
    public long ConfirmedMessages => _stream is null ? _status.ConfirmedMessages : _counters.AckedMessages;

    /// <summary>Messages in the log that are not confirmed (fenced), answered (JetStream) or sent (core).</summary>
    public long UnconfirmedMessages
    {
        get
        {
            // What leaves is read before what comes: the difference is never below zero.
            var gone = _counters.DroppedMessages + (_fenced ? _status.FencedMessages : _counters.ReleasedMessages);
            return Math.Max(0, AppendedMessages - gone);
        }
    }

    /// <summary>Their bytes, as frames.</summary>
    public long UnconfirmedBytes
    {
        get
        {
            var gone = _counters.DroppedBytes + (_fenced ? _status.ConfirmedBytes : _counters.ReleasedBytes);
            return Math.Max(0, _counters.AppendedBytes - gone);
        }
    }

    /// <summary>
    /// How long nothing has been confirmed although messages wait for it; zero while none does. An age of seconds means
    /// that the server does not answer or is away.
    /// </summary>
    public TimeSpan UnconfirmedFor =>
        UnconfirmedMessages == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_counters.SettledAtTicks);

    /// <summary>
    /// Messages given up because a server that came back takes only smaller ones, or none with headers.
    /// </summary>
    public long DroppedTooLarge => _counters.DroppedMessages;

    /// <summary>Logins after the first.</summary>
    public long Reconnects => Math.Max(0, _status.Sessions - 1);

    /// <summary>How often the server complained of missing permission.</summary>
    public long PermissionViolations => _status.PermissionViolations;

    /// <summary>Messages given up because this user may not publish to their subject; they are not confirmed.</summary>
    public long RefusedMessages => _stream is null ? _status.RefusedMessages : _counters.ForbiddenMessages;

    /// <summary>The first of those subjects and how often each was refused; what is more is summed up as one.</summary>
    public ImmutableArray<NatsRefusedSubject> RefusedSubjects => _status.RefusedSubjects.Read();

    /// <summary>Headers and payload of one message at most, as the last server said.</summary>
    public int MaxPayloadBytes => _status.MaxPayloadBytes;

    /// <summary>Size of the send log after rounding.</summary>
    public int SendLogBytes => _stream?.Log.CapacityBytes ?? _log.CapacityBytes;

    /// <summary>Where the connection stands.</summary>
    public NatsConnectionState State => _status.State;

    /// <summary>The last thing that went wrong; null after a login.</summary>
    public string? LastError => _status.LastError;

    /// <summary>Name or id of the last server that accepted us.</summary>
    public string? ServerName => _status.Server?.Name;

    /// <summary>Its version.</summary>
    public string? ServerVersion => _status.Server?.Version;

    /// <summary>Its address, while connected.</summary>
    public string? ConnectedEndpoint => State == NatsConnectionState.Connected ? _status.Server?.Endpoint : null;

    /// <summary>Begins to dial. Returns at once.</summary>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_started)
        {
            _started = true;
            _reader.Start();
        }
    }

    /// <summary>
    /// Closes the connection at once; what is unconfirmed stays counted so. See <see cref="TryDrain"/>.
    /// </summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _reader.RequestStop();
        _session?.Socket.Shutdown();
        if (!_started || _reader.Join(_options.ConnectTimeout + TimeSpan.FromSeconds(1)))
        {
            _slot.TryTake()?.Dispose();
            _reader.Dispose();
        }

        _session?.Dispose();
        _session = null;
        _status.State = NatsConnectionState.Closed;
    }
}
