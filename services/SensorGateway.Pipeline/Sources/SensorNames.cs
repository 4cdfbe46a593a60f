using SensorGateway.Pipeline.Sensors;

namespace SensorGateway.Pipeline.Sources;

/// <summary>Gives peers of one source their sensor, by the source's <c>sensor:</c> template.</summary>
internal sealed class SensorNames(SourceOptions options, SensorTable sensors)
{
    private const string PeerIp = "{peer_ip}";

    private readonly string _template = options.Sensor ?? (options.Type == SourceType.Unix ? "{source}" : PeerIp);

    /// <summary>False: all peers of the source are one sensor.</summary>
    public bool DependsOnPeer => options.Type != SourceType.Unix && _template.Contains(PeerIp, StringComparison.Ordinal);

    /// <summary>The peer's sensor, with one more user; null when the table is full. Allocates, so not per payload.</summary>
    /// <param name="peerIp">Null where peers have no IP address: the source's id stands in for it.</param>
    public Sensor? Acquire(string? peerIp) => sensors.Acquire(
        options.Id,
        _template
            .Replace(PeerIp, peerIp ?? options.Id, StringComparison.Ordinal)
            .Replace("{source}", options.Id, StringComparison.Ordinal));

    /// <summary>One user of the sensor less.</summary>
    public void Return(Sensor sensor) => sensors.Return(sensor);
}
