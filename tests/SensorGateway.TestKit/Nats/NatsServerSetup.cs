namespace SensorGateway.TestKit.Nats;

/// <summary>How a test wants its server.</summary>
public sealed record NatsServerSetup
{
    /// <summary>Only this user may come in.</summary>
    public string? User { get; init; }

    /// <summary>Password of <see cref="User"/>.</summary>
    public string? Password { get; init; }

    /// <summary>Only who knows this may come in.</summary>
    public string? Token { get; init; }

    /// <summary>With JetStream, in a temporary folder.</summary>
    public bool JetStream { get; init; }

    /// <summary>Contents of a configuration file, without listen address and port.</summary>
    public string? Configuration { get; init; }

    /// <summary>A fixed port instead of a free one.</summary>
    public int? Port { get; init; }

    /// <summary>Further command line arguments.</summary>
    public IReadOnlyList<string> MoreArguments { get; init; } = [];
}
