using System.Collections.Immutable;
using System.Net;

namespace SensorGateway.Nats.Connection;

/// <summary>Which server to dial next, and how long to wait before it. Owner: the reading side.</summary>
internal sealed class ServerRotation
{
    private readonly ImmutableArray<NatsEndpoint> _configured;
    private readonly TimeSpan _pauseMin;
    private readonly TimeSpan _pauseMax;
    private readonly Random _random;
    private ImmutableArray<NatsEndpoint> _servers;
    private int _next;
    private int _attempts; // Since the last session that held.
    private bool _refused;

    public ServerRotation(
        ImmutableArray<NatsEndpoint> configured, int first, TimeSpan pauseMin, TimeSpan pauseMax, Random random)
    {
        _configured = _servers = configured;
        _next = first % configured.Length;
        _pauseMin = pauseMin;
        _pauseMax = pauseMax;
        _random = random;
    }

    public int Count => _servers.Length;

    /// <summary>All servers in turn without a pause, then a pause that doubles with every round.</summary>
    public TimeSpan NextPause()
    {
        if (_attempts == 0 || _attempts % _servers.Length != 0)
        {
            return TimeSpan.Zero;
        }

        // A server that refused our credentials will do so again; asking it more often only fills its log.
        var doublings = Math.Min(_attempts / _servers.Length, 30) - 1;
        var pause = _refused ? _pauseMax : _pauseMin * (1L << doublings);
        pause = pause > _pauseMax ? _pauseMax : pause;
        _refused = false;

        // Half of it by chance: gateways that lost the same server do not come back in step.
        return pause * (0.5 + (_random.NextDouble() / 2));
    }

    public NatsEndpoint Next()
    {
        _attempts++;
        _next %= _servers.Length;
        return _servers[_next++];
    }

    public void NoteRefused() => _refused = true;

    /// <summary>A session held: the next loss is answered at once again.</summary>
    public void NoteGoodSession() => _attempts = 0;

    /// <summary>
    /// Adds what a server told of its cluster; earlier discoveries go, configured servers stay for ever.
    /// </summary>
    /// <param name="discovered">As the server told them.</param>
    /// <param name="teller">
    /// The server. What we show it we show them, and an address without a name must have a certificate for its name.
    /// </param>
    public void Learn(IEnumerable<NatsEndpoint> discovered, NatsEndpoint teller)
    {
        var news = discovered
            .Where(endpoint => !_configured.Any(known => known.Host == endpoint.Host && known.Port == endpoint.Port))
            .Distinct()
            .Select(endpoint => endpoint with
            {
                Credentials = teller.Credentials,
                RequiresTls = teller.RequiresTls,
                TlsName = IPAddress.TryParse(endpoint.Host, out _) ? teller.VerifiedHost : null,
            });
        _servers = [.. _configured, .. news];
    }
}
