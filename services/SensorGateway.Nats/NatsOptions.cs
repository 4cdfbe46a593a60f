using System.Collections.Immutable;

namespace SensorGateway.Nats;

/// <summary>When a message counts as delivered.</summary>
public enum NatsDelivery
{
    /// <summary>Once its last byte went into the socket; a cut may lose what the server had not read.</summary>
    Core,

    /// <summary>Once the server answered a PING that followed it; a cut resends everything before that.</summary>
    Fenced,

    /// <summary>Once a stream has stored it. Everything else is sent again with the same id.</summary>
    JetStream,
}

/// <summary>How to reach NATS and what to keep until it answers. Immutable.</summary>
public sealed record NatsOptions
{
    /// <summary>Servers in turn; connection n starts with server n modulo their number. At least one.</summary>
    public required ImmutableArray<NatsEndpoint> Servers { get; init; }

    /// <summary>Name shown in the server's own connection lists.</summary>
    public string ClientName { get; init; } = "sensor-gateway";

    /// <summary>User name, with <see cref="Password"/>; an endpoint's own credentials go first.</summary>
    public string? User { get; init; }

    /// <summary>Password of <see cref="User"/>.</summary>
    public string? Password { get; init; }

    /// <summary>Token, instead of user and password.</summary>
    public string? Token { get; init; }

    /// <summary>File with the seed of a user's nkey; read at each login, refused when others can read it.</summary>
    public string? NkeyFile { get; init; }

    /// <summary>Credentials file with JWT and seed; read at each login, refused when others can read it.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>Lets password and token travel unencrypted to hosts other than this one.</summary>
    public bool AllowPlaintextCredentials { get; init; }

    /// <summary>How to encrypt.</summary>
    public NatsTlsOptions Tls { get; init; } = NatsTlsOptions.None;

    /// <summary>When a message counts as delivered.</summary>
    public NatsDelivery Delivery { get; init; } = NatsDelivery.Fenced;

    /// <summary>JetStream: the only stream that may store our messages; null for whichever covers the subject.</summary>
    public string? ExpectedStream { get; init; }

    /// <summary>Room for messages that are not delivered yet; rounded up to a power of two, at least 4 KiB.</summary>
    public int SendLogBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// Longest time for each step of a dial: the TCP connect, the server's INFO, its answer to CONNECT.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>First pause between attempts; the very first attempt after a loss is made at once.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between attempts, and the pause after a refused login.</summary>
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A PING unanswered for this long cuts the connection; an idle one is asked after two thirds of it.
    /// </summary>
    public TimeSpan LivenessTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Shortest time between two fences, unless <see cref="FenceBytes"/> come first.</summary>
    public TimeSpan FenceInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Bytes sent without a fence that make one due at once.</summary>
    public int FenceBytes { get; init; } = 256 * 1024;

    /// <summary>Masked: options get logged.</summary>
    public override string ToString() => $"{string.Join(',', Servers)} as {Credentials}, {Delivery}";

    internal NatsCredentials Credentials => new(User, Password, Token)
    {
        NkeyFile = NkeyFile,
        CredentialsFile = CredentialsFile,
        AllowPlaintext = AllowPlaintextCredentials,
    };
}
