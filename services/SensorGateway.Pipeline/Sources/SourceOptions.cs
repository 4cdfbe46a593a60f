using System.Net;

namespace SensorGateway.Pipeline.Sources;

/// <summary>What a source listens on.</summary>
public enum SourceType
{
    /// <summary>TCP stream.</summary>
    Tcp,

    /// <summary>Unix stream socket.</summary>
    Unix,

    /// <summary>UDP: one datagram, one payload.</summary>
    Udp,
}

/// <summary>How a stream is cut into payloads.</summary>
public enum Framing
{
    /// <summary>Unsigned 32-bit big-endian length, then that many bytes.</summary>
    LengthPrefixed,

    /// <summary>One payload a line; CR stripped, empty lines skipped.</summary>
    Newline,

    /// <summary>RFC 6587: decimal length, one blank, then that many bytes.</summary>
    OctetCounted,
}

/// <summary>What a source does when the ring is full.</summary>
public enum Overload
{
    /// <summary>Stops reading, so that the sender waits. Nothing is lost.</summary>
    Block,

    /// <summary>Drops the payload and counts it.</summary>
    Drop,
}

/// <summary>One place where sensors send payloads. Immutable.</summary>
public sealed record SourceOptions
{
    /// <summary>Unique name; appears in alerts and metrics.</summary>
    public required string Id { get; init; }

    /// <summary>Kind of socket.</summary>
    public required SourceType Type { get; init; }

    /// <summary>Address for TCP and UDP; port 0 takes a free one.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>File for Unix sockets.</summary>
    public string? Path { get; init; }

    /// <summary>How streams are cut; UDP ignores it.</summary>
    public Framing Framing { get; init; } = Framing.LengthPrefixed;

    /// <summary>Template of the sensor id; <c>{peer_ip}</c> and <c>{source}</c> are replaced. Null: peer IP, Unix: source id.</summary>
    public string? Sensor { get; init; }

    /// <summary>Longest payload in bytes.</summary>
    public int MaxPayloadBytes { get; init; } = 64 * 1024;

    /// <summary>Most connections at once.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>A connection that sends nothing for this long is closed; zero never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A frame that is not complete after this long closes its connection; zero never.</summary>
    public TimeSpan FrameTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What to do when the ring is full.</summary>
    public Overload Overload { get; init; } = Overload.Block;
}
