using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging.Abstractions;
using SensorGateway.Nats;
using SensorGateway.Nats.Connection;
using SensorGateway.Nats.Protocol;

namespace SensorGateway.Tests.Simulation.Network;

/// <summary>Plays the thread <c>nats-read-n</c> of one real connection: dials a simulated server and listens to it.</summary>
/// <remarks>What the server says is read by the real listener, in steps.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The sending side disposes of every session it was offered.")]
internal sealed class SimulatedReader
{
    private readonly NatsConnection _connection;
    private readonly NatsOptions _options;
    private readonly SimulatedNetwork _network;
    private readonly ServerRotation _rotation;
    private readonly int _index;
    private readonly Func<bool> _stopped;
    private ReceiveBuffer _received = new(4096, 1 << 17);
    private SessionListener? _listener;
    private NatsSession? _session;
    private NatsEndpoint? _endpoint;
    private long _dialAtTicks;
    private long _dialledAtTicks;
    private long _lookAtTicks;
    private int _looks;
    private bool _wasStopped;

    public SimulatedReader(NatsConnection connection, NatsOptions options, int index, SimulatedNetwork network, Random random)
    {
        (_connection, _options, _index, _network) = (connection, options, index, network);
        _rotation = new ServerRotation(options.Servers, index, options.ReconnectMin, options.ReconnectMax, random);
        _stopped = () => _wasStopped = ++_looks > 2;
    }

    /// <summary>The connection, while there is one.</summary>
    public SimulatedLink? Link { get; private set; }

    /// <summary>When it has something to do, in Stopwatch ticks.</summary>
    public long DueTicks => _session is null
        ? _dialAtTicks
        : Link!.WaitReadable(TimeSpan.Zero) ? 0 : _lookAtTicks;

    /// <summary>Dials, or reads what there is.</summary>
    /// <returns>What it did, in a word.</returns>
    public string Step()
    {
        if (_session is not null)
        {
            return Listen();
        }

        if (_network.Clock.GetTimestamp() < _dialAtTicks)
        {
            return "waits";
        }

        _endpoint = _rotation.Next();
        var server = _network.ServerOf(_endpoint);
        if (!server.Accepts)
        {
            (_connection.Status.State, _connection.Status.LastError) = (NatsConnectionState.Connecting, "refused");
            Pause();
            return $"is refused by {server.Index}";
        }

        _dialledAtTicks = _network.Clock.GetTimestamp();
        Link = _network.Dial(server, out var info);
        _session = new NatsSession(Link, info);
        _connection.Status.SetLimits(info.MaxPayloadBytes, info.Headers);
        _connection.Status.CountSession();
        (_connection.Status.State, _connection.Status.LastError) = (NatsConnectionState.Connected, null);
        _received = new ReceiveBuffer(4096, 1 << 17);
        _listener = new SessionListener(
            _options, _index, _endpoint, _session, _connection.Status, _rotation, _connection.Bell, NullLogger.Instance,
            time: _network.Clock);
        _connection.Slot.Offer(_session);
        _connection.Bell.Ring();
        return $"is with {server.Index}";
    }

    private string Listen()
    {
        // What the listener waits for at most before it looks whether the server lives.
        _lookAtTicks = _network.Clock.GetTimestamp() + (long)(_options.LivenessTimeout.TotalSeconds / 3 * _network.Clock.TimestampFrequency);
        _looks = 0;
        var end = _listener!.Listen(_received, _stopped);
        if (_wasStopped)
        {
            return "listens";
        }

        if (end.Kind == ServerErrorKind.Refused)
        {
            _rotation.NoteRefused();
        }

        if (_network.Clock.GetElapsedTime(_dialledAtTicks)
            >= (end.Kind == ServerErrorKind.Unknown ? _options.ReconnectMin : _options.ReconnectMax))
        {
            _rotation.NoteGoodSession();
        }

        _connection.Status.LastError = end.Reason;
        _connection.Status.State = NatsConnectionState.Connecting;
        var session = _session!;
        _session = null;
        session.EndReading();
        if (_connection.Slot.TryWithdraw(session))
        {
            session.Dispose();
        }

        _connection.Bell.Ring();
        Pause();
        return $"ends: {end.Reason}";
    }

    private void Pause() => _dialAtTicks = _network.Clock.GetTimestamp()
        + (long)(_rotation.NextPause().TotalSeconds * _network.Clock.TimestampFrequency);
}
