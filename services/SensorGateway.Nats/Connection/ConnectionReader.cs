using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using SensorGateway.Nats.JetStream;
using SensorGateway.Nats.Protocol;
using SensorGateway.Nats.Sockets;

namespace SensorGateway.Nats.Connection;

/// <summary>
/// The thread <c>nats-read-n</c>: dials, logs in, listens until the session ends, and dials again, for ever.
/// </summary>
internal sealed class ConnectionReader : IDisposable
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly NatsOptions _options;
    private readonly int _index;
    private readonly NatsStatus _status;
    private readonly SessionSlot _slot;
    private readonly PublisherBell _bell;
    private readonly AckLog? _stream; // Only for the names of its inbox: the log is the sending side's.
    private readonly ILogger _logger;
    private readonly ServerRotation _rotation;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();
    private RateLimit _failureLog = new(LogInterval);
    private RateLimit _faultLog = new(LogInterval);
    private RateLimit _connectedLog = new(TimeSpan.FromSeconds(1));

    public ConnectionReader(
        NatsOptions options, int index, NatsStatus status, SessionSlot slot, PublisherBell bell, AckLog? stream,
        ILogger logger)
    {
        _options = options;
        _index = index;
        _status = status;
        _slot = slot;
        _bell = bell;
        _stream = stream;
        _logger = logger;
        _rotation = new ServerRotation(
            options.Servers, index, options.ReconnectMin, options.ReconnectMax, Random.Shared);
        _thread = new Thread(Run)
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"nats-read-{index}"),
        };
    }

    public void Start() => _thread.Start();

    /// <summary>Asks the thread to end; a session it listens to must be shut down by its owner.</summary>
    public void RequestStop() => _stop.Set();

    /// <summary>Waits for the thread. False when it hangs in a name lookup; it ends by itself afterwards.</summary>
    public bool Join(TimeSpan limit) => !_thread.IsAlive || _thread.Join(limit);

    /// <summary>Only after a successful <see cref="Join"/>: the thread waits on what this frees.</summary>
    public void Dispose() => _stop.Dispose();

    private void Run()
    {
        // Nothing a server says may end this thread: an unforeseen fault costs one session and a log line.
        while (!_stop.Wait(_rotation.NextPause()))
        {
            try
            {
                RunOneSession();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                _status.State = NatsConnectionState.Connecting;
                _status.LastError = fault.Message;
                if (_faultLog.TryPass())
                {
                    NatsLog.Fault(_logger, _index, fault);
                }
            }
        }
    }

    private void RunOneSession()
    {
        var endpoint = _rotation.Next();
        var received = new ReceiveBuffer(
            _stream is null ? 4096 : AckReader.BufferBytes, ReceiveBuffer.InfoLineMaxBytes + ReceiveBuffer.LineMaxBytes);
        if (Dial(endpoint, received) is not { } session)
        {
            return;
        }

        var start = Stopwatch.GetTimestamp();
        var end = new SessionEnd("the reader failed", ServerErrorKind.Unknown);
        try
        {
            Announce(endpoint, session.Info);
            _slot.Offer(session);
            _bell.Ring();
            end = new SessionListener(_options, _index, endpoint, session, _status, _rotation, _bell, _logger, _stream?.InboxPrefix)
                .Listen(received, () => _stop.IsSet);
        }
        finally
        {
            NoteEnd(endpoint, end, Stopwatch.GetElapsedTime(start));
            session.EndReading();
            if (_slot.TryWithdraw(session))
            {
                session.Dispose();
            }

            _bell.Ring();
        }
    }

    private NatsSession? Dial(NatsEndpoint endpoint, ReceiveBuffer received)
    {
        try
        {
            var limits = new DialLimits(_options.ConnectTimeout, _options.LivenessTimeout);
            var (socket, info) = Dialer.Dial(
                endpoint, _options.ClientName, _options.Credentials, _options.Tls, limits, received, () => _stop.IsSet,
                _stream?.Inbox);
            return _stream is null
                ? new NatsSession(socket, info)
                : new NatsSession(socket, info) { Acks = new AckQueue(), Refusals = new RefusalQueue() };
        }
        catch (NatsException) when (_stop.IsSet)
        {
            return null;
        }
        catch (NatsException problem)
        {
            _status.LastError = problem.Message;
            _status.State = problem.IsRefused ? NatsConnectionState.Refused : NatsConnectionState.Connecting;
            if (problem.IsRefused)
            {
                _rotation.NoteRefused();
            }

            if (_failureLog.TryPass())
            {
                Action<ILogger, int, string> log = problem.IsRefused ? NatsLog.Refused : NatsLog.CannotConnect;
                log(_logger, _index, problem.Message);
            }

            return null;
        }
    }

    private void Announce(NatsEndpoint endpoint, ServerInfo info)
    {
        _rotation.Learn(info.DiscoveredEndpoints(), endpoint);
        _status.SetLimits(info.MaxPayloadBytes, info.Headers);
        _status.Server = new ServerIdentity(endpoint.ToString(), info.ServerName ?? info.ServerId, info.Version);
        _status.CountSession();
        _status.LastError = null;
        _status.State = NatsConnectionState.Connected;
        if (_connectedLog.TryPass() && _status.Server is { } server)
        {
            NatsLog.Connected(_logger, _index, server.Endpoint, server.Name, server.Version, info.MaxPayloadBytes);
        }
    }

    private void NoteEnd(NatsEndpoint endpoint, SessionEnd end, TimeSpan lived)
    {
        if (end.Kind == ServerErrorKind.Refused)
        {
            _rotation.NoteRefused();
        }

        // A session that ends as soon as it began, or over something we sent, must not be retried without a pause.
        if (lived >= (end.Kind == ServerErrorKind.Unknown ? _options.ReconnectMin : _options.ReconnectMax))
        {
            _rotation.NoteGoodSession();
        }

        if (_stop.IsSet)
        {
            return;
        }

        _status.LastError = $"{endpoint}: {end.Reason}";
        _status.State = end.Kind == ServerErrorKind.Refused
            ? NatsConnectionState.Refused
            : NatsConnectionState.Connecting;
        if (_failureLog.TryPass())
        {
            NatsLog.Lost(_logger, _index, endpoint.ToString(), end.Reason);
        }
    }
}

/// <summary>Why a session is over.</summary>
internal readonly record struct SessionEnd(string Reason, ServerErrorKind Kind);
