using System.Diagnostics;
using SensorGateway.Pipeline.Sensors;
using SensorGateway.Pipeline.Sources.Linux;

namespace SensorGateway.Pipeline.Sources.Datagrams;

/// <summary>The sensors behind peer addresses; a known peer costs one look-up and no allocation.</summary>
/// <remarks>Owner: the ingest thread. Bounded, because anybody can forge sender addresses.</remarks>
internal sealed class PeerSensors(SensorNames names, int peersMax = PeerSensors.DefaultPeersMax)
{
    private const int DefaultPeersMax = 16_384;

    private static readonly long IdleTicks = 300 * Stopwatch.Frequency;
    private static readonly long SweepTicks = 60 * Stopwatch.Frequency;

    private readonly Dictionary<PeerAddress, Peer> _peers = [];
    private readonly List<PeerAddress> _gone = [];
    private Peer? _last;
    private PeerAddress _lastAddress;

    /// <summary>Peers with a sensor.</summary>
    public int Count => _peers.Count;

    /// <summary>When to call <see cref="ReturnIdle"/>, in Stopwatch ticks; <see cref="long.MaxValue"/> while no peer is known.</summary>
    public long SweepAt { get; private set; } = long.MaxValue;

    /// <summary>The peer's sensor; null when there is no room for another one.</summary>
    public Sensor? Find(PeerAddress address, long nowTicks)
    {
        // All peers are one sensor when the template does not name them.
        var key = names.DependsOnPeer ? address : default;
        if (_last is null || key != _lastAddress)
        {
            if (!_peers.TryGetValue(key, out var peer) && !TryAdd(key, nowTicks, out peer))
            {
                return null;
            }

            (_last, _lastAddress) = (peer, key);
        }

        _last!.SpokeAtTicks = nowTicks;
        return _last.Sensor;
    }

    /// <summary>Forgets peers that have been silent for five minutes.</summary>
    public void ReturnIdle(long nowTicks)
    {
        foreach (var (address, peer) in _peers)
        {
            if (nowTicks - peer.SpokeAtTicks >= IdleTicks)
            {
                _gone.Add(address);
                names.Return(peer.Sensor);
            }
        }

        foreach (var address in _gone)
        {
            _peers.Remove(address);
        }

        _gone.Clear();
        _last = null;
        SweepAt = _peers.Count == 0 ? long.MaxValue : nowTicks + SweepTicks;
    }

    /// <summary>Gives all sensors back, at the end.</summary>
    public void ReturnAll()
    {
        foreach (var peer in _peers.Values)
        {
            names.Return(peer.Sensor);
        }

        _peers.Clear();
        _last = null;
    }

    private bool TryAdd(PeerAddress key, long nowTicks, out Peer? peer)
    {
        peer = null;
        if (_peers.Count >= peersMax || names.Acquire(names.DependsOnPeer ? key.ToString() : null) is not { } sensor)
        {
            return false;
        }

        peer = new Peer(sensor);
        _peers.Add(key, peer);
        SweepAt = Math.Min(SweepAt, nowTicks + SweepTicks);
        return true;
    }

    private sealed class Peer(Sensor sensor)
    {
        public Sensor Sensor { get; } = sensor;

        public long SpokeAtTicks { get; set; }
    }
}
