using SensorGateway.Pipeline.Publishing.Drivers;

namespace SensorGateway.Pipeline.Publishing;

/// <summary>How alerts leave the gateway. Immutable.</summary>
public sealed record PublishingOptions
{
    /// <summary>Fewest connections a pool may have.</summary>
    public const int ConnectionsMin = 4;

    /// <summary>Most connections a pool may have.</summary>
    public const int ConnectionsMax = 8;

    /// <summary>Which client library carries the alerts.</summary>
    public PublishDriver Driver { get; init; }

    /// <summary>Connections in the pool; each sensor stays on one.</summary>
    public int Connections { get; init; } = ConnectionsMin;

    /// <summary>Connections that carry alerts however quiet it is; all unless told.</summary>
    public int ActiveConnectionsMin { get; init; } = ConnectionsMax;

    /// <summary>Why not fewer, for the status.</summary>
    public string ActiveConnectionsReason { get; init; } = "";

    /// <summary>
    /// Whether sensors may go to another connection, once all their alerts are confirmed. Not without confirmations.
    /// </summary>
    public bool SensorsMove { get; init; }

    /// <summary>Longest time an alert waits for company; 0 for never.</summary>
    public TimeSpan BatchWindowMax { get; init; }

    /// <summary>Most alerts taken in one turn.</summary>
    public int BatchAlertsMax { get; init; } = 256;

    /// <summary>Most bytes taken in one turn.</summary>
    public int BatchBytesMax { get; init; } = 64 * 1024;

    /// <summary>Alerts kept in memory until confirmed, all connections together.</summary>
    public long UnconfirmedBytesMax { get; init; } = 32L * 1024 * 1024;

    /// <summary>Longest message with its subject and all that goes around it on the wire.</summary>
    public int FrameBytesMax { get; init; } = 384 * 1024;

    /// <summary>
    /// While a live server is only slow, publishing waits this long for it to make progress before it drops; sources
    /// with policy block then push back on their senders. As long for the spool's disk, once the memory before it is full.
    /// </summary>
    public TimeSpan PatienceWithSlowServer { get; init; } = TimeSpan.FromMilliseconds(250);
}
