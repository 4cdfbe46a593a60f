namespace SensorGateway.Nats;

/// <summary>Whether a connection is encrypted, and from when on.</summary>
public enum NatsTlsMode
{
    /// <summary>Never; a server that insists on TLS is not used.</summary>
    Off,

    /// <summary>From the server's INFO on; a server that offers no TLS is refused, nothing is sent in the clear.</summary>
    Require,

    /// <summary>From the first byte, for servers with <c>handshake_first</c> and for TLS proxies.</summary>
    HandshakeFirst,
}

/// <summary>How to encrypt. Files are read at each login, so that certificates can be renewed. Immutable.</summary>
public sealed record NatsTlsOptions
{
    /// <summary>No encryption.</summary>
    public static NatsTlsOptions None { get; } = new();

    /// <summary>Encrypted or not.</summary>
    public NatsTlsMode Mode { get; init; }

    /// <summary>PEM file of the only authorities to trust; null for those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file of our certificate, others of its chain behind it; null without.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its key; refused when others than its owner can read it.</summary>
    public string? KeyFile { get; init; }
}
