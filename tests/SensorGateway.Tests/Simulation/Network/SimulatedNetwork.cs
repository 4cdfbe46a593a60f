using System.Collections.Immutable;
using SensorGateway.Nats;
using SensorGateway.Nats.Protocol;
using SensorGateway.Tests.Telemetry;

namespace SensorGateway.Tests.Simulation.Network;

/// <summary>The servers and all that connects them with the gateway.</summary>
internal sealed class SimulatedNetwork(ManualTime clock, IReadOnlyList<SimulatedServer> servers, int socketBytes)
{
    private const int FirstPort = 4222;

    private readonly Dictionary<int, SimulatedLink> _byDescriptor = [];
    private int _lastDescriptor = 1000;

    public ManualTime Clock { get; } = clock;

    public IReadOnlyList<SimulatedServer> Servers { get; } = servers;

    /// <summary>As the gateway is told of them.</summary>
    public ImmutableArray<NatsEndpoint> Endpoints =>
        [.. Servers.Select(static server => new NatsEndpoint("server", FirstPort + server.Index))];

    public SimulatedServer ServerOf(NatsEndpoint endpoint) => Servers[endpoint.Port - FirstPort];

    /// <summary>Connects to a server that accepts.</summary>
    public SimulatedLink Dial(SimulatedServer server, out ServerInfo info)
    {
        var link = server.Accept(++_lastDescriptor, socketBytes, out info);
        _byDescriptor.Add(link.Descriptor, link);
        return link;
    }

    /// <summary>What poll(2) would say of a descriptor.</summary>
    public bool IsWritable(int descriptor) =>
        _byDescriptor.TryGetValue(descriptor, out var link) && link.WaitWritable(TimeSpan.Zero);
}
