using System.Net;
using SensorGateway.Nats;
using SensorGateway.Pipeline.Alerts;
using SensorGateway.Pipeline.Lanes;
using SensorGateway.Pipeline.Sources;

namespace SensorGateway.TestKit.Gateway;

/// <summary>Options of gateways under test: free ports, quick retries, everything else as users get it.</summary>
public static class TestOptions
{
    /// <summary>One TCP source with length-prefixed frames.</summary>
    public static GatewayOptions For(params NatsEndpoint[] servers) => new()
    {
        Sources = [Tcp()],
        Nats = new NatsOptions
        {
            Servers = [.. servers],
            ConnectTimeout = TimeSpan.FromSeconds(1),
            ReconnectMin = TimeSpan.FromMilliseconds(10),
            ReconnectMax = TimeSpan.FromMilliseconds(200),
        },
        Alerts = new AlertOptions { Gateway = "test-1" },
    };

    /// <summary>TCP on a free port.</summary>
    public static SourceOptions Tcp(string id = "tcp", Framing framing = Framing.LengthPrefixed) => new()
    {
        Id = id,
        Type = SourceType.Tcp,
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Framing = framing,
    };

    /// <summary>UDP on a free port, dropping when it must.</summary>
    public static SourceOptions Udp(string id = "udp") => new()
    {
        Id = id,
        Type = SourceType.Udp,
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Overload = Overload.Drop,
    };

    /// <summary>A Unix socket in a folder that the test owns.</summary>
    public static SourceOptions Unix(string folder, string id = "unix") => new()
    {
        Id = id,
        Type = SourceType.Unix,
        Path = Path.Combine(folder, id + ".sock"),
    };
}
